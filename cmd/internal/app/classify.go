package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/report"
)

// Classify trains a network to tell images apart: what train-mlp and train-cnn
// do once they know which. It trains the first spec, made to fit the data; a
// checkpoint may hold any of them.
func (f *Flags) Classify(ctx context.Context, stdout, stderr io.Writer, specs ...models.Spec) error {
	return f.together(stdout, stderr, func(stdout, stderr io.Writer) error { return f.classify(ctx, stdout, stderr, specs) })
}

func (f *Flags) classify(ctx context.Context, stdout, stderr io.Writer, specs []models.Spec) (err error) {
	if f.VM == "own" { // the other allocates in every step
		Lean()
	}
	start := report.Stage{Name: "before training"}
	if f.Resume != "" {
		start.Name = "where it went on"
	}
	var sets images
	k, cfg, err := f.begin(func() (net *models.Network, err error) {
		if sets, err = f.images(ctx, stderr); err != nil {
			return nil, err
		}
		return f.Network(specs[0].For(sets.training.Shape, sets.training.Classes), models.NewRand(f.Seed))
	}, specs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	if f.Resume != "" {
		if sets, err = f.images(ctx, stderr); err != nil {
			return err
		}
	}
	roomy()
	if f.DryRun {
		cfg.Epochs = 1
	}
	if cfg.Validation = sets.validation; cfg.Validation == nil {
		cfg.Test = sets.test
	}
	cfg.Batch, cfg.OnStep = f.Batch, progress(stderr, f.Quiet, sets.training.Len())
	if !f.Quiet {
		fmt.Fprintf(stdout, "%v\ndata: %v; seed %d\n", k.net, sets, f.Seed)
		fmt.Fprintf(stdout, "%s, rate %g, %s schedule, batches of %d, initialisation %s\n", f.Optimizer, f.Rate, f.Schedule, f.Batch, k.net.Init.Name)
	}
	if err := f.alike(k.net, sets.training); err != nil {
		return err
	}
	if f.DumpProgram {
		return dumpProgram(k.net, f.Batch, stdout)
	}
	if f.CheckGradients {
		if err := f.checkGradients(k.net, sets.training, stdout); err != nil {
			return err
		}
	}
	if start.Net, err = k.net.As(k.net.Dtype); err != nil {
		return err
	}
	reached, err := f.fit(ctx, k, sets, cfg, stdout)
	if err != nil || f.Out == "" || f.follows() {
		return err
	}
	k.trainer, sets.training, sets.validation = nil, nil, nil // room for the pictures
	page, err := f.exhibit(ctx, k, start, sets.test, reached)
	if err == nil && !f.Quiet {
		fmt.Fprintf(stdout, "pictures, checkpoints and model.onnx: see %s\n", page)
	}
	return err
}

// fit trains, prints a line an epoch and, whatever stops it, what was reached.
func (f *Flags) fit(ctx context.Context, k *keeper, sets images, cfg train.Config, stdout io.Writer) (reached train.Result, err error) {
	if k.trainer, err = train.NewTrainer(k.net, sets.training, cfg); err != nil {
		return reached, err
	}
	defer k.trainer.Close()
	if err := f.goOn(k, sets.training); err != nil {
		return reached, err
	}
	for !f.impatient(k) && k.trainer.Progress().Epoch < cfg.Epochs {
		epoch, err := k.trainer.Epoch(ctx)
		if err != nil {
			if errors.Is(err, context.Canceled) {
				if k.trainer.Progress().Images > 0 {
					fmt.Fprintf(stdout, "stopped in epoch %d at train loss %.4f\n", epoch.Number, epoch.Loss)
				} else {
					fmt.Fprintf(stdout, "stopped before epoch %d\n", epoch.Number)
				}
				if reached.Measured() {
					fmt.Fprintf(stdout, "test accuracy %.2f%%\n", 100*reached.Accuracy)
				}
				err = errors.Join(err, f.stopped(k, stdout))
			}
			return reached, err
		}
		reached = epoch.Test
		if !f.Quiet {
			fmt.Fprintln(stdout, fitting(epoch.String(), Columns(stdout)))
		}
		if err := k.epoch(epoch); err != nil {
			return reached, err
		}
	}
	if f.impatient(k) {
		fmt.Fprintf(stdout, "stopped early: no better on the validation images since epoch %d\n", k.meta.Best().Number)
	}
	if f.follows() {
		return reached, nil
	}
	if !reached.Measured() { // only asked now, or resumed behind its last epoch
		if reached, err = train.Evaluate(ctx, k.net, sets.test); err != nil {
			return reached, err
		}
	}
	if err := verdict(ctx, k, sets, reached, stdout); err != nil {
		return reached, err
	}
	if !f.Quiet && !f.DryRun {
		fmt.Fprint(stdout, advice(sets.test, reached))
	}
	if f.DryRun {
		fmt.Fprintln(stdout, "dry run: one batch went through training, evaluation and metrics")
	}
	return reached, nil
}
