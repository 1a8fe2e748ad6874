// Command bench measures how fast the networks train and predict, alone and
// beside other frameworks.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/bench/internal/own"
	"symgrad/cmd/bench/internal/peer"
	"symgrad/cmd/internal/app"
)

const about = `
bench measures how fast this project's networks train and predict on MNIST. The
models are N, the nine-line neuron; M, an MLP 784-128-10; C1, the tutorial's
CNN; and C2, lenet. Every figure is the median of several chunks of time.

  go run ./cmd/bench                         our own figures, kernels and footprint included
  go run ./cmd/bench -json -model C2 -workers 2
                                             one model, one line of JSON
  go run ./cmd/bench -peers DIR              the peers of DIR in turns with us: a table, a chart
  go run ./cmd/bench -accuracy [-peers DIR]  seconds of training to a given accuracy
  go run ./cmd/bench -optimizers             what each optimizer reaches at its default rate
  go run ./cmd/bench -tune tutorial          other rates beside the default one, on validation images
  go run ./cmd/bench -scaling                time against batch, width and images: three plots
  go run ./cmd/bench -distributed local      a step in shards, on one and two processes; what more would give
  go run ./cmd/bench -graphs -workers 1      stock Gorgonia graphs on its machine and on ours

The peers are PyTorch, numpy, stock Gorgonia, GoMLX, onnxruntime and
TensorFlow.js; one that does not run here is named in the results, with the reason.`

func main() { os.Exit(app.Main("bench", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := defaults()
	var set flag.FlagSet
	f.register(&set)
	if err := app.Parse("bench", about, &set, args, stderr); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return app.Usage(err)
	}
	switch {
	case f.json:
		return f.line(ctx, stdout)
	case f.accuracy:
		return f.toAccuracy(ctx, stdout, stderr)
	case f.optimizers != nil:
		return f.compareOptimizers(ctx, stdout)
	case f.tune != "":
		return f.tuneRates(ctx, stdout)
	case f.scaling:
		return f.scale(ctx, stdout)
	case f.graphs != nil:
		return f.compareGraphs(ctx, stdout)
	case f.distributed != "":
		return f.distribute(ctx, stdout)
	case f.peers != "":
		return f.beside(ctx, stdout, stderr)
	}
	return f.alone(ctx, stdout)
}

// line measures one model and prints it in the peers' form.
func (f *flags) line(ctx context.Context, stdout io.Writer) error {
	l := peer.Line{Peer: peer.Us, Version: own.Version(), Model: f.model, Threads: f.workers}
	s := own.Setting{Model: f.model, Batch: f.batch, Workers: f.workers, Plan: f.plan}
	if f.model == own.Neuron {
		step, err := s.Neuron(ctx)
		if err != nil {
			return err
		}
		l.Step = round(step.Median, 1000)
		_, err = fmt.Fprintln(stdout, l)
		return err
	}
	images, err := own.LoadImages()
	if err != nil {
		return err
	}
	l.Batch = f.batch
	if !f.predict {
		trained, err := s.Train(ctx, images)
		if err != nil {
			return err
		}
		l.Train, l.TrainSpread = round(trained.Median, 1), percent(trained)
	}
	predicted, err := s.Predict(ctx, images)
	if err != nil {
		return err
	}
	l.Predict, l.PredictSpread = round(predicted.Median, 1), percent(predicted)
	same, err := s.PredictSame(ctx, images)
	if err != nil {
		return err
	}
	l.PredictSame = round(same.Median, 1)
	_, err = fmt.Fprintln(stdout, l)
	return err
}
