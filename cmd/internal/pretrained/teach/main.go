// Command teach trains the network that classify and playground carry, on MNIST's
// digits and on drawings that are none, and writes it to a file.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/internal/app"
	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

const (
	layers   = "conv 16@5x5, relu, max-pool 2, conv 32@5x5, relu, max-pool 2, flatten, dense 96, relu"
	seed     = 1 // of what is held out, the starting weights, the order, and all that is drawn
	epochs   = 10
	batch    = 64
	rate     = 0.03
	held     = 5000  // of MNIST's 60,000 training images, for validation
	drawings = 24000 // beside the 55,000 others, and half as many drawn digits; a tenth of them for validation
)

func main() { os.Exit(app.Main("teach", run)) }

func run(ctx context.Context, args []string, stdout, _ io.Writer) error {
	if len(args) != 1 {
		return app.Usage(fmt.Errorf("want the file to write"))
	}
	digits, err := mnist.Train()
	if err != nil {
		return err
	}
	validation, err := digits.HoldOut(held, seed)
	if err != nil {
		return err
	}
	lessons, err := newLessons(digits)
	if err != nil {
		return err
	}
	if validation, err = withDrawings(validation, drawings/10, seed+1); err != nil {
		return err
	}
	spec, err := models.Custom(layers)
	if err != nil {
		return err
	}
	spec.Name = "digits"
	net, err := spec.For([]int{1, side, side}, none+1).New(models.NewRand(seed))
	if err != nil {
		return err
	}
	best, meta, err := teach(ctx, net, lessons, validation, stdout)
	if err != nil {
		return err
	}
	temperature, err := calibrate(best, validation)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "temperature %.3f\n", temperature)
	return checkpoint.Save(args[0], best, meta)
}

// teach trains, with everything bent anew for each epoch, and gives the network
// of the epoch that did best on the validation set.
func teach(ctx context.Context, net *models.Network, l *lessons, validation *data.Set, stdout io.Writer) (best *models.Network, meta checkpoint.Meta, err error) {
	trainer, err := train.NewTrainer(net, l.set, train.Config{Epochs: epochs, Batch: batch, Optimizer: train.Nesterov(0.9), Rate: rate, Schedule: train.Cosine(), Seed: seed, Validation: validation})
	if err != nil {
		return nil, meta, err
	}
	defer trainer.Close()
	meta = checkpoint.Meta{Data: checkpoint.Data{Name: l.set.Name}, Settings: map[string]string{"layers": layers}}
	for n := range epochs {
		l.draw(n)
		e, err := trainer.Epoch(ctx)
		if err != nil {
			return nil, meta, err
		}
		fmt.Fprintln(stdout, e)
		e.Seconds, e.ImagesPerSecond = 0, 0 // so that teaching again gives the same file
		meta.History = append(meta.History, e)
		if meta.Best().Number != e.Number {
			continue
		}
		if best, err = net.As(net.Dtype); err != nil {
			return nil, meta, err
		}
		meta.Progress = trainer.Progress()
		meta.Progress.State.Slots = nil
	}
	return best, meta, nil
}
