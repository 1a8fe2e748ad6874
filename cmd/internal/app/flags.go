// Package app is what the train commands share: flags, data, progress, files
// and exit codes.
package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"symgrad/models"
	"symgrad/train"
)

// Flags are the settings that every train command takes. A command fills in its
// defaults before [Flags.Register]; what is left at zero is the network's own.
type Flags struct {
	Epochs, Batch  int
	Rate           float64
	Optimizer      string
	Schedule       string
	Init           string
	Activation     string
	Seed           uint64
	Limit          int
	Data, Dataset  string
	Out, Resume    string
	Show           int
	DryRun         bool
	CheckGradients bool
	Quiet          bool
	VM             string
	Workers        int

	set *flag.FlagSet // where they were registered
}

// Register adds the flags to a set.
func (f *Flags) Register(set *flag.FlagSet) {
	f.set = set
	set.IntVar(&f.Epochs, "epochs", f.Epochs, "passes over the training set")
	set.IntVar(&f.Batch, "batch", f.Batch, "examples in a step; the gradient is taken over all of them")
	set.Float64Var(&f.Rate, "lr", f.Rate, "learning rate")
	set.StringVar(&f.Optimizer, "optimizer", f.Optimizer, "sgd, momentum, nesterov, rmsprop, adam or adamw")
	set.StringVar(&f.Schedule, "schedule", f.Schedule, "of the learning rate: constant, cosine, step or step:EPOCHS:FACTOR")
	set.StringVar(&f.Init, "init", f.Init, "starting weights: "+initNames()+" (default: the network's own)")
	set.StringVar(&f.Activation, "activation", f.Activation, "of the hidden layers: sigmoid, tanh, relu or leaky-relu (default: the network's own)")
	set.Uint64Var(&f.Seed, "seed", f.Seed, "decides weights, order and dropout: same seed, same bits")
	set.IntVar(&f.Limit, "limit", f.Limit, "use only the first N training and N/6 test images; 0: all")
	set.StringVar(&f.Data, "data", f.Data, "directory of another data set in MNIST's form (IDX files, plain or .gz)")
	set.StringVar(&f.Dataset, "dataset", f.Dataset, "mnist (built in) or fashion (downloaded once)")
	set.StringVar(&f.Out, "out", f.Out, "directory for pictures, report.html, metrics.csv, checkpoints (last and best.safetensors) and model.onnx")
	set.StringVar(&f.Resume, "resume", f.Resume, "checkpoint to go on from, with its settings: to the same bits as a run that was never stopped")
	set.IntVar(&f.Show, "show", f.Show, "index of the test image whose feature maps are drawn")
	set.BoolVar(&f.DryRun, "dry-run", f.DryRun, "send one batch through everything and stop")
	set.BoolVar(&f.CheckGradients, "check-gradients", f.CheckGradients, "check this network's gradients against three witnesses before training")
	set.BoolVar(&f.Quiet, "q", f.Quiet, "print the results only")
	set.StringVar(&f.VM, "vm", f.VM, "machine that runs the graphs: own, or tape (Gorgonia's TapeMachine)")
	set.IntVar(&f.Workers, "workers", f.Workers, "of the own machine; 0: one a processor")
}

// errUsage marks errors of the command line, which exit with status 2.
var errUsage = errors.New("usage")

// Parse reads a command line of flags alone; about is what -h says above them.
// Mistakes are reported on stderr.
func Parse(name, about string, set *flag.FlagSet, args []string, stderr io.Writer) error {
	err := ParseArgs(name, about, set, args, stderr)
	if err == nil && set.NArg() > 0 {
		return Usage(fmt.Errorf("unexpected argument %q", set.Arg(0)))
	}
	return err
}

// ParseArgs is [Parse] for a command that takes arguments behind its flags.
func ParseArgs(name, about string, set *flag.FlagSet, args []string, stderr io.Writer) error {
	set.Init(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "%s\n\nFlags:\n", strings.TrimSpace(about))
		set.SetOutput(stderr)
		set.PrintDefaults()
		return err
	}
	if err != nil {
		return Usage(err)
	}
	return nil
}

// Usage marks an error as one of the command line.
func Usage(err error) error { return fmt.Errorf("%w; see -h%w", err, quiet{errUsage}) }

// quiet is found by errors.Is but not printed.
type quiet struct{ error }

func (quiet) Error() string   { return "" }
func (q quiet) Unwrap() error { return q.error }

// Config turns the flags into a training configuration.
func (f *Flags) Config() (train.Config, error) {
	if f.Epochs < 1 || f.Batch < 1 || !(f.Rate > 0) || f.Limit < 0 || f.Workers < 0 || f.Show < 0 {
		return train.Config{}, Usage(fmt.Errorf("-epochs %d, -batch %d, -lr %g, -limit %d, -workers %d, -show %d: they must be positive", f.Epochs, f.Batch, f.Rate, f.Limit, f.Workers, f.Show))
	}
	optimizer, err := train.OptimizerByName(f.Optimizer)
	if err != nil {
		return train.Config{}, Usage(err)
	}
	schedule, err := train.ScheduleByName(f.Schedule)
	if err != nil {
		return train.Config{}, Usage(err)
	}
	machine, err := f.Machine()
	if err != nil {
		return train.Config{}, err
	}
	return train.Config{Epochs: f.Epochs, Batch: f.Batch, Rate: f.Rate, Optimizer: optimizer, Schedule: schedule, Seed: f.Seed, Machine: machine}, nil
}

// Machine is what -vm names.
func (f *Flags) Machine() (train.NewMachine, error) {
	switch f.VM {
	case "own":
		return train.OwnVM(f.Workers), nil
	case "tape":
		return train.TapeMachine(), nil
	}
	return nil, Usage(fmt.Errorf("no machine %q; choose own or tape", f.VM))
}

// Network gives a spec the activation and the initialisation asked for, and
// weights from r.
func (f *Flags) Network(spec models.Spec, r *models.Rand) (*models.Network, error) {
	if f.Activation != "" {
		a, err := models.ActivationByName(f.Activation)
		if err != nil {
			return nil, Usage(err)
		}
		spec = spec.WithActivation(a)
	}
	if f.Init != "" {
		i, err := models.InitByName(f.Init)
		if err != nil {
			return nil, Usage(err)
		}
		spec.Init = i
	}
	return spec.New(r)
}

func initNames() string {
	var names []string
	for _, i := range models.Inits() {
		names = append(names, i.Name)
	}
	return strings.Join(names, ", ")
}
