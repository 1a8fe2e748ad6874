// Command train-cnn trains a convolutional network on MNIST.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/internal/app"
	"symgrad/models"
)

const about = `
train-cnn trains a convolutional network on the 60,000 images of MNIST and tests
it on 10,000 others after every epoch.

  go run ./cmd/train-cnn                     the tutorial's network: 10 maps of 5x5, sigmoid, pooling
  go run ./cmd/train-cnn -net lenet          two convolutions of 3x3 with ReLU
  go run ./cmd/train-cnn -net small          two of 5x5, 5,994 weights
  go run ./cmd/train-cnn -data letters -layers "conv 16@3x3, relu, flatten"
                                             pictures of your own, a folder for each class, and layers as the table prints them
  go run ./cmd/train-cnn -limit 6000 -epochs 1 -check-gradients`

func main() { os.Exit(app.Main("train-cnn", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := &app.Flags{Epochs: 5, Batch: 32, Optimizer: "nesterov", Schedule: "cosine", Seed: 1, Dataset: "mnist", VM: "own"}
	var set flag.FlagSet
	f.Register(&set)
	f.RegisterHidden(&set)
	f.RegisterImages(&set)
	f.RegisterShow(&set)
	net := set.String("net", "tutorial", "tutorial, lenet or small")
	layers := set.String("layers", "", "layers of a network of your own, as the table prints them, with commas between; a dense layer for the classes is added")
	if err := app.Parse("train-cnn", about, &set, args, stderr); err != nil {
		return err
	}
	specs := map[string]models.Spec{"tutorial": models.Tutorial(), "lenet": models.LeNet(), "small": models.Small()}
	if *layers != "" {
		if err := app.Refuse(&set, "with -layers", "net"); err != nil {
			return err
		}
		custom, err := models.Custom(*layers)
		if err != nil {
			return app.Usage(fmt.Errorf("-layers: %w", err))
		}
		*net, specs["custom"] = "custom", custom
	}
	spec, ok := specs[*net]
	if !ok {
		return app.Usage(fmt.Errorf("no network %q; choose tutorial, lenet or small", *net))
	}
	return f.Classify(ctx, stdout, stderr, spec, models.Tutorial(), models.LeNet(), models.Small(), models.Spec{Name: "custom"}) // a checkpoint may be of any
}
