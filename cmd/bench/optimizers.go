package main

import (
	"context"
	"fmt"
	"io"

	"symgrad/cmd/internal/app"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
)

// epochs of every training that compares optimizers.
const epochs = 5

// compareOptimizers trains the train commands' networks on all of MNIST, each
// with every optimizer at the rate that it has unless -lr says another, and
// prints a row a network as soon as it is known.
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
	for _, n := range []struct {
		spec  models.Spec
		batch int
	}{{models.MLP(784, 128, 10), 64}, {models.Tutorial(), 32}, {models.Small(), 32}, {models.LeNet(), 32}} {
		row := "| " + n.spec.Name + " |"
		for _, o := range train.Optimizers() {
			net, err := n.spec.New(models.NewRand(uint64(f.seeds[0])))
			if err != nil {
				return err
			}
			rate := app.Rate(n.spec.Name, o.Name)
			cfg := train.Config{Epochs: epochs, Batch: n.batch, Rate: rate, Optimizer: o, Schedule: train.Cosine(), Seed: uint64(f.seeds[0]), Machine: train.OwnVM(f.workers)}
			for _, err := range train.Epochs(ctx, net, training, cfg) {
				if err != nil {
					return err
				}
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
