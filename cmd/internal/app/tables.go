package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Table is a training on a whole truth table a step, as the tutorials do it.
type Table struct {
	Net *models.Network // as it starts: new, or from the checkpoint of -resume

	flags  *Flags
	set    *data.Set
	keeper *keeper
	config train.Config
}

// Table gets a training ready; new weights come from numpy's random stream.
func (f *Flags) Table(spec models.Spec, set *data.Set) (*Table, error) {
	f.Batch = set.Len()
	k, cfg, err := f.begin(func() (*models.Network, error) {
		if f.Seed > math.MaxUint32 {
			return nil, Usage(fmt.Errorf("-seed %d: want 0 to %d, as numpy does", f.Seed, uint32(math.MaxUint32)))
		}
		return f.Network(spec, models.NewNumPyRand(uint32(f.Seed)))
	}, []models.Spec{spec})
	if err != nil {
		return nil, err
	}
	cfg.Batch, cfg.Ordered = set.Len(), true
	if f.DryRun {
		cfg.Epochs = 1
	}
	return &Table{k.net, f, set, k, cfg}, nil
}

// Learn makes the steps, and calls report before the first and after every so
// many; a nil report reports nothing.
func (t *Table) Learn(ctx context.Context, every int, report func(step int) error, stdout io.Writer) (err error) {
	f, k, set := t.flags, t.keeper, t.set
	defer func() { err = errors.Join(err, k.close()) }()
	if f.DumpProgram {
		return dumpProgram(t.Net, set.Len(), stdout)
	}
	if f.CheckGradients {
		if err := f.checkGradients(t.Net, set, stdout); err != nil {
			return err
		}
	}
	if k.trainer, err = train.NewTrainer(t.Net, set, t.config); err != nil {
		return err
	}
	defer k.trainer.Close()
	if err := f.goOn(k, set); err != nil {
		return err
	}
	if err := f.steps(ctx, k, t.config.Epochs, every, report, stdout); err != nil || f.Out == "" {
		return err
	}
	if err := k.save(); err != nil {
		return err
	}
	_, err = f.exhibitTable(ctx, k, set)
	return err
}

// steps makes the steps that are left, with a hundred rows of metrics and one for each of the first.
func (f *Flags) steps(ctx context.Context, k *keeper, steps, every int, report func(step int) error, stdout io.Writer) error {
	rows := max(steps/100, 1)
	for step := k.trainer.Progress().State.Step; step < steps; step++ {
		if err := ctx.Err(); err != nil {
			fmt.Fprintf(stdout, "stopped after %d of %d steps\n", step, steps)
			return errors.Join(err, f.stopped(k, stdout))
		}
		// The tutorials print the error of the weights before the update.
		if step%every == 0 && report != nil {
			if err := report(step); err != nil {
				return err
			}
		}
		s, err := k.trainer.Step()
		if err != nil {
			return err
		}
		if step%rows == 0 || step < 50 {
			k.meta.History = append(k.meta.History, train.Epoch{Number: step + 1, Loss: s.Loss})
		}
	}
	return nil
}

// Outputs runs a network on every input of a set.
func Outputs(net *models.Network, set *data.Set) ([]float64, error) {
	p, err := train.NewPredictor(net, set.Len(), nil)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	answers, err := p.Predict(set.Values)
	var out []float64
	for _, a := range answers {
		out = append(out, a.Probabilities...)
	}
	return out, err
}

// Matrix prints numbers as numpy does, with eight digits.
func Matrix(values []float64, columns int) string {
	var rows []string
	for at := 0; at < len(values); at += columns {
		var row []string
		for _, v := range values[at : at+columns] {
			row = append(row, Number(v))
		}
		rows = append(rows, "["+strings.Join(row, " ")+"]")
	}
	return "[" + strings.Join(rows, "\n ") + "]"
}

// Number prints eight digits after the point, without trailing zeros.
func Number(v float64) string {
	s := strings.TrimRight(fmt.Sprintf("%.8f", v), "0")
	return strings.TrimSuffix(s, ".")
}
