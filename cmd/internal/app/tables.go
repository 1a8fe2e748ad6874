package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// Learn trains a network on a whole truth table a step, as the tutorials do,
// and calls report before the first step and after every so many; a nil report
// reports nothing.
func (f *Flags) Learn(ctx context.Context, net *models.Network, set *data.Set, every int, report func(step int) error, stdout io.Writer) (err error) {
	k := &keeper{dir: f.Out, net: net}
	if f.Resume != "" {
		if _, k.meta, err = f.resumed(); err != nil {
			return err
		}
		if err := checkpoint.LoadWeights(net, f.Resume); err != nil {
			return err
		}
	}
	cfg, err := f.Config()
	if err != nil {
		return err
	}
	cfg.Batch, cfg.Ordered = set.Len(), true
	if f.DryRun {
		cfg.Epochs = 1
	}
	if f.CheckGradients {
		if err := checkGradients(net, set, stdout); err != nil {
			return err
		}
	}
	metrics, err := NewMetrics(f.Out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, metrics.Close()) }()
	if k.trainer, err = train.NewTrainer(net, set, cfg); err != nil {
		return err
	}
	defer k.trainer.Close()
	if err := f.goOn(k, set, metrics); err != nil {
		return err
	}
	if err := f.steps(ctx, k, cfg.Epochs, every, report, metrics, stdout); err != nil || f.Out == "" {
		return err
	}
	if err := k.save("last"); err != nil {
		return err
	}
	_, err = f.exhibitTable(ctx, k, set)
	return err
}

// steps makes the steps that are left, with a hundred rows of metrics and one for each of the first.
func (f *Flags) steps(ctx context.Context, k *keeper, steps, every int, report func(step int) error, metrics *Metrics, stdout io.Writer) error {
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
			row := train.Epoch{Number: step + 1, Loss: s.Loss}
			k.meta.History = append(k.meta.History, row)
			if err := metrics.Add(row); err != nil {
				return err
			}
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
