package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"symgrad/cmd/internal/app"
	"symgrad/data/mnist"
	"symgrad/train"
)

// tuneRates tries half of a rate, the rate and twice the rate, on 11 in 12 of the
// training images, and prints what each reaches on the rest: by that, and not by
// the test images, a default rate is chosen.
func (f *flags) tuneRates(ctx context.Context, stdout io.Writer) error {
	training, err := mnist.Train()
	if err != nil {
		return err
	}
	validation, err := training.HoldOut(training.Len()/12, uint64(f.seeds[0]))
	if err != nil {
		return err
	}
	network, only, _ := strings.Cut(f.tune, "/")
	fmt.Fprintf(stdout, "| network | optimizer | half | rate | twice |\n|---|---|--:|--:|--:|\n")
	for _, l := range learners() {
		if l.spec.Name != network {
			continue
		}
		for _, o := range train.Optimizers() {
			if only != "" && o.Name != only {
				continue
			}
			row := fmt.Sprintf("| %s | %s |", network, o.Name)
			for _, factor := range []float64{0.5, 1, 2} {
				rate := factor * app.Rate(network, o.Name)
				net, err := f.learn(ctx, l, o, rate, training)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err != nil { // the loss is not finite any more
					row += fmt.Sprintf(" %g: %v |", rate, err)
					continue
				}
				reached, err := train.Evaluate(ctx, net, validation)
				if err != nil {
					return err
				}
				row += fmt.Sprintf(" %g: %.2f %% |", rate, 100*reached.Accuracy)
			}
			fmt.Fprintln(stdout, row)
		}
	}
	return nil
}

// tunable tells whether there are such a network and such an optimizer.
func tunable(name string) bool {
	network, optimizer, of := strings.Cut(name, "/")
	known := slices.ContainsFunc(learners(), func(l learner) bool { return l.spec.Name == network })
	return known && (!of || slices.ContainsFunc(train.Optimizers(), func(o train.Optimizer) bool { return o.Name == optimizer }))
}
