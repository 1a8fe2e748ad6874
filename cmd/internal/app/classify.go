package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train"
)

// Classify trains a network to tell images apart: what train-mlp and train-cnn
// do once they have a network.
func (f *Flags) Classify(ctx context.Context, spec models.Spec, stdout, stderr io.Writer) error {
	cfg, err := f.Config()
	if err != nil {
		return err
	}
	net, err := f.Network(spec, models.NewRand(f.Seed))
	if err != nil {
		return err
	}
	training, test, err := f.Images(ctx, stderr)
	if err != nil {
		return err
	}
	if f.DryRun {
		training, test = training.Head(f.Batch), test.Head(f.Batch)
		cfg.Epochs = 1
	}
	cfg.Test = test
	cfg.OnStep = progress(stderr, f.Quiet, training.Len())
	if !f.Quiet {
		fmt.Fprintf(stdout, "%v\ndata: %s, %d images; %s, %d images; seed %d\n", net, training.Name, training.Len(), test.Name, test.Len(), f.Seed)
		fmt.Fprintf(stdout, "%s, rate %g, %s schedule, batches of %d, initialisation %s\n", f.Optimizer, f.Rate, f.Schedule, f.Batch, net.Init.Name)
	}
	if f.CheckGradients {
		if err := checkGradients(net, training, stdout); err != nil {
			return err
		}
	}
	return f.fit(ctx, net, training, cfg, stdout)
}

// fit trains, prints a line an epoch and, whatever stops it, what was reached.
func (f *Flags) fit(ctx context.Context, net *models.Network, training *data.Set, cfg train.Config, stdout io.Writer) (err error) {
	metrics, err := NewMetrics(f.Out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, metrics.Close()) }()
	var reached train.Result
	for epoch, err := range train.Epochs(ctx, net, training, cfg) {
		if err != nil {
			if errors.Is(err, context.Canceled) {
				fmt.Fprintf(stdout, "stopped in epoch %d at train loss %.4f\n", epoch.Number, epoch.Loss)
				f.accuracy(reached, stdout)
			}
			return err
		}
		reached = epoch.Test
		if !f.Quiet {
			fmt.Fprintln(stdout, epoch)
		}
		if err := metrics.Add(epoch); err != nil {
			return err
		}
	}
	f.accuracy(reached, stdout)
	if f.DryRun {
		fmt.Fprintln(stdout, "dry run: one batch went through training, evaluation and metrics")
	}
	return nil
}

func (f *Flags) accuracy(reached train.Result, stdout io.Writer) {
	if reached.Confusion != nil {
		fmt.Fprintf(stdout, "test accuracy %.2f%%\n", 100*reached.Accuracy)
	}
}

// checkGradients compares this very network's gradients on two examples, in
// float64.
func checkGradients(net *models.Network, set *data.Set, stdout io.Writer) error {
	double, err := net.As(tensor.Float64)
	if err != nil {
		return err
	}
	batch := min(2, set.Len())
	x, y := make([]float64, batch*set.Size()), make([]float64, batch*set.Classes)
	data.Gather(set, []int{0, 1}[:batch], x, y)
	report, err := gradcheck.Network(double, x, y, batch, gradcheck.Tolerances{})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "symbolic gradients against two witnesses, largest relative difference:\n%v\n", report)
	return nil
}
