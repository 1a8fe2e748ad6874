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
)

// Learn trains a network on a whole truth table a step, as the tutorials do,
// and calls report before the first step and after every so many; a nil report
// reports nothing.
func (f *Flags) Learn(ctx context.Context, net *models.Network, set *data.Set, every int, report func(step int) error, stdout io.Writer) error {
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
	trainer, err := train.NewTrainer(net, set, cfg)
	if err != nil {
		return err
	}
	defer trainer.Close()
	for step := range cfg.Epochs {
		if err = ctx.Err(); err != nil {
			fmt.Fprintf(stdout, "stopped after %d of %d steps\n", step, cfg.Epochs)
			break
		}
		// The tutorials print the error of the weights before the update.
		before := step%every == 0
		if before && report != nil {
			if err = report(step); err != nil {
				break
			}
		}
		var s train.Step
		if s, err = trainer.Step(); err != nil {
			break
		}
		if before {
			if err = metrics.Add(train.Epoch{Number: step + 1, Loss: s.Loss}); err != nil {
				break
			}
		}
	}
	return errors.Join(err, metrics.Close())
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
