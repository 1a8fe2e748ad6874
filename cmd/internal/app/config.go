package app

import (
	"fmt"
	"math"

	"symgrad/models"
	"symgrad/train"
)

// check tells of the first flag whose value is out of its range, or that goes
// without one that it needs.
func (f *Flags) check() error {
	for _, n := range []struct {
		name        string
		value, from int
	}{{"epochs", f.Epochs, 1}, {"batch", f.Batch, 1}, {"limit", f.Limit, 0}, {"validation", f.Validation, 0}, {"patience", f.Patience, 0},
		{"show", f.Show, 0}, {"size", f.Size, 0}, {"workers", f.Workers, 0}} {
		if n.value < n.from {
			return Usage(fmt.Errorf("-%s %d: want %d or more", n.name, n.value, n.from))
		}
	}
	if Given(f.set, "lr") && (!(f.Rate > 0) || math.IsInf(f.Rate, 0)) {
		return Usage(fmt.Errorf("-lr %g: want a number above 0", f.Rate))
	}
	if f.Out == "" {
		if err := Refuse(f.set, "without -out", "show", "force"); err != nil {
			return err
		}
	}
	if f.VM == "tape" {
		if err := Refuse(f.set, "with -vm tape", "workers"); err != nil {
			return err
		}
	}
	if f.Workers > 1024 {
		return Usage(fmt.Errorf("-workers %d: want at most 1024", f.Workers))
	}
	if f.Size > 4096 {
		return Usage(fmt.Errorf("-size %d: want at most 4096", f.Size))
	}
	if f.Data != "" {
		if err := Refuse(f.set, "with -data", "dataset"); err != nil {
			return err
		}
	}
	return f.checkDistributed()
}

// Config turns the flags into a training configuration.
func (f *Flags) Config() (train.Config, error) {
	if err := f.check(); err != nil {
		return train.Config{}, err
	}
	optimizer, err := train.OptimizerByName(f.Optimizer)
	if err != nil {
		return train.Config{}, Usage(fmt.Errorf("-optimizer: %w", err))
	}
	schedule, err := train.ScheduleByName(f.Schedule)
	if err != nil {
		return train.Config{}, Usage(fmt.Errorf("-schedule: %w", err))
	}
	machine, err := f.Machine()
	if err != nil {
		return train.Config{}, err
	}
	return train.Config{Epochs: f.Epochs, Batch: f.Batch, Rate: f.Rate, Optimizer: optimizer, Schedule: schedule, Seed: f.Seed, Machine: machine,
		Shards: f.Shards, Group: f.group}, nil
}

// Machine is what -vm names.
func (f *Flags) Machine() (train.Backend, error) {
	switch f.VM {
	case "own":
		return train.OwnVM(f.Workers), nil
	case "tape":
		return train.TapeMachine(), nil
	}
	return nil, Usage(fmt.Errorf("-vm: no machine %q; choose own or tape", f.VM))
}

// Network gives a spec the activation and the initialisation asked for, and
// weights from r.
func (f *Flags) Network(spec models.Spec, r *models.Rand) (*models.Network, error) {
	if f.Activation != "" {
		a, err := models.ActivationByName(f.Activation)
		if err != nil {
			return nil, Usage(fmt.Errorf("-activation: %w", err))
		}
		spec = spec.WithActivation(a)
	}
	if f.Init != "" {
		i, err := models.InitByName(f.Init)
		if err != nil {
			return nil, Usage(fmt.Errorf("-init: %w", err))
		}
		spec.Init = i
	}
	return spec.New(r)
}
