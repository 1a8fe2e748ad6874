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
	"symgrad/train/report"
)

// Classify trains a network to tell images apart: what train-mlp and train-cnn
// do once they know which. It trains the first spec; a checkpoint may hold any
// of them.
func (f *Flags) Classify(ctx context.Context, stdout, stderr io.Writer, specs ...models.Spec) error {
	k := &keeper{dir: f.Out}
	var err error
	start := report.Stage{Name: "before training"}
	if f.Resume != "" {
		start.Name = "where it went on"
		if k.net, k.meta, err = f.resumed(); err != nil {
			return err
		}
		if err := mustBe(k.net, f.Resume, specs); err != nil {
			return err
		}
	} else if k.net, err = f.Network(specs[0], models.NewRand(f.Seed)); err != nil {
		return err
	}
	cfg, err := f.Config()
	if err != nil {
		return err
	}
	training, test, err := f.Images(ctx, stderr)
	if err != nil {
		return err
	}
	if f.Show >= test.Len() {
		return Usage(fmt.Errorf("-show %d: there are test images 0 to %d", f.Show, test.Len()-1))
	}
	if f.DryRun {
		training, test = training.Head(f.Batch), test.Head(max(f.Batch, f.Show+1))
		cfg.Epochs = 1
	}
	cfg.Test = test
	cfg.OnStep = progress(stderr, f.Quiet, training.Len())
	if !f.Quiet {
		fmt.Fprintf(stdout, "%v\ndata: %s, %d images; %s, %d images; seed %d\n", k.net, training.Name, training.Len(), test.Name, test.Len(), f.Seed)
		fmt.Fprintf(stdout, "%s, rate %g, %s schedule, batches of %d, initialisation %s\n", f.Optimizer, f.Rate, f.Schedule, f.Batch, k.net.Init.Name)
	}
	if f.CheckGradients {
		if err := checkGradients(k.net, training, stdout); err != nil {
			return err
		}
	}
	if start.Net, err = k.net.As(k.net.Dtype); err != nil {
		return err
	}
	reached, err := f.fit(ctx, k, training, cfg, stdout)
	if err != nil || f.Out == "" {
		return err
	}
	page, err := f.exhibit(ctx, k, start, test, reached)
	if err == nil && !f.Quiet {
		fmt.Fprintf(stdout, "pictures, checkpoints and model.onnx: see %s\n", page)
	}
	return err
}

// fit trains, prints a line an epoch and, whatever stops it, what was reached.
func (f *Flags) fit(ctx context.Context, k *keeper, training *data.Set, cfg train.Config, stdout io.Writer) (reached train.Result, err error) {
	metrics, err := NewMetrics(f.Out)
	if err != nil {
		return reached, err
	}
	defer func() { err = errors.Join(err, metrics.Close()) }()
	if k.trainer, err = train.NewTrainer(k.net, training, cfg); err != nil {
		return reached, err
	}
	defer k.trainer.Close()
	if err := f.goOn(k, training, metrics); err != nil {
		return reached, err
	}
	for epoch, err := range k.trainer.Epochs(ctx) {
		if err != nil {
			if errors.Is(err, context.Canceled) {
				fmt.Fprintf(stdout, "stopped in epoch %d at train loss %.4f\n", epoch.Number, epoch.Loss)
				f.accuracy(reached, stdout)
				err = errors.Join(err, f.stopped(k, stdout))
			}
			return reached, err
		}
		reached = epoch.Test
		if !f.Quiet {
			fmt.Fprintln(stdout, epoch)
		}
		if err := errors.Join(metrics.Add(epoch), k.epoch(epoch)); err != nil {
			return reached, err
		}
	}
	if reached.Confusion == nil { // resumed behind its last epoch
		if reached, err = train.Evaluate(ctx, k.net, cfg.Test); err != nil {
			return reached, err
		}
	}
	f.accuracy(reached, stdout)
	if f.DryRun {
		fmt.Fprintln(stdout, "dry run: one batch went through training, evaluation and metrics")
	}
	return reached, nil
}

// goOn puts the trainer where the checkpoint of -resume stood, and writes the
// rows of the epochs before it.
func (f *Flags) goOn(k *keeper, set *data.Set, metrics *Metrics) (err error) {
	if f.Resume != "" || f.Out != "" {
		if k.meta.Data, err = sameData(f.Resume, k.meta.Data, set); err != nil {
			return err
		}
		k.meta.Settings = f.settings()
	}
	if f.Resume == "" {
		return nil
	}
	for _, e := range k.meta.History {
		if err := metrics.Add(e); err != nil {
			return err
		}
	}
	if err := k.trainer.Resume(k.meta.Progress); err != nil {
		return fmt.Errorf("%s: %w", f.Resume, err)
	}
	return nil
}

// stopped keeps what an interrupted training has reached.
func (f *Flags) stopped(k *keeper, stdout io.Writer) error {
	if err := k.save("last"); err != nil || f.Out == "" {
		return err
	}
	fmt.Fprintf(stdout, "go on with -resume %s -out %s\n", k.path("last"), f.Out)
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
