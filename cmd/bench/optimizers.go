package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"symgrad/cmd/internal/app"
	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

// learner is a network of the train commands, and the batch that it has there.
type learner struct {
	spec  models.Spec
	batch int
}

func learners() []learner {
	return []learner{{models.MLP(784, 128, 10), 64}, {models.Tutorial(), 32}, {models.Small(), 32}, {models.LeNet(), 32}}
}

// learn trains for five epochs, as the train commands do, with the first seed.
func (f *flags) learn(ctx context.Context, l learner, o train.Optimizer, rate float64, set *data.Set) (*models.Network, error) {
	seed := uint64(f.seeds[0])
	net, err := l.spec.New(models.NewRand(seed))
	if err != nil {
		return nil, err
	}
	cfg := train.Config{Epochs: 5, Batch: l.batch, Rate: rate, Optimizer: o, Schedule: train.Cosine(), Seed: seed, Machine: train.OwnVM(f.workers)}
	for _, err := range train.Epochs(ctx, net, set, cfg) {
		if err != nil {
			return nil, err
		}
	}
	return net, nil
}

// compareOptimizers trains the networks asked for on all of MNIST, with every optimizer at
// its default rate, and prints a row a network as soon as it is known.
func (f *flags) compareOptimizers(ctx context.Context, stdout io.Writer) error {
	training, test, err := mnist.Load()
	if err != nil {
		return err
	}
	head, rule := "| network |", "|---|"
	for _, o := range train.Optimizers() {
		head, rule = head+" "+o.Name+" |", rule+"--:|"
	}
	fmt.Fprintf(stdout, "%s\n%s\n", head, rule)
	for _, l := range learners() {
		if !slices.Contains(f.optimizers, l.spec.Name) {
			continue
		}
		row := "| " + l.spec.Name + " |"
		for _, o := range train.Optimizers() {
			rate := app.Rate(l.spec.Name, o.Name)
			net, err := f.learn(ctx, l, o, rate, training)
			if err != nil {
				return err
			}
			reached, err := train.Evaluate(ctx, net, test)
			if err != nil {
				return err
			}
			row += fmt.Sprintf(" %g: %.2f %% |", rate, 100*reached.Accuracy)
		}
		fmt.Fprintln(stdout, row)
	}
	return nil
}
