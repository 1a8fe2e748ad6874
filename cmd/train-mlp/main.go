// Command train-mlp trains a multi-layer perceptron on MNIST, or one of the
// tutorials' two-layer networks.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"symgrad/cmd/internal/app"
	"symgrad/models"
)

const about = `
train-mlp trains a multi-layer perceptron, h = relu(x W1 + b1), logits = h W2 +
b2.

  go run ./cmd/train-mlp                     784-128-10 on MNIST
  go run ./cmd/train-mlp -hidden 256,64      two hidden layers
  go run ./cmd/train-mlp -hidden "256, dropout 0.2, dense 64, tanh"
  go run ./cmd/train-mlp -task xor           Trask's 3-4-1 network on XOR, 60,000 steps
  go run ./cmd/train-mlp -task tutorial      Spencer-Harper's 3-4-1 network, 60,000 steps

The two small tasks take the whole table a step, with plain gradient descent at
rate 1, sigmoids, no biases and numpy's random stream; -epochs counts steps.`

func main() { os.Exit(app.Main("train-mlp", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := &app.Flags{Epochs: 5, Batch: 64, Optimizer: "nesterov", Schedule: "cosine", Seed: 1, Dataset: "mnist", VM: "own"}
	task := "mnist"
	hidden := "128"
	var set flag.FlagSet
	set.StringVar(&task, "task", task, "mnist, xor or tutorial")
	set.StringVar(&hidden, "hidden", hidden, "hidden layers, with commas between: units, or layers as the table prints them (\"256, dropout 0.2, dense 64, tanh\"); a number is a dense layer and a ReLU")
	f.Register(&set)
	f.RegisterHidden(&set)
	f.RegisterImages(&set)
	if err := app.Parse("train-mlp", about, &set, args, stderr); err != nil {
		return err
	}
	if was, known := f.Resumed("task"); known && !app.Given(&set, "task") {
		task = was
	}
	if task != "mnist" {
		return table(ctx, task, f, &set, stdout)
	}
	layers, err := hiddenLayers(hidden)
	if err != nil {
		return app.Usage(fmt.Errorf("-hidden: %w", err))
	}
	spec := models.MLP(784, 10)
	spec.Layers = append(layers, spec.Layers...)
	return f.Classify(ctx, stdout, stderr, spec)
}

// hiddenLayers reads layers, or widths alone, each of a dense layer and a ReLU.
func hiddenLayers(text string) ([]models.Layer, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	fields := strings.Split(text, ",")
	for i, field := range fields {
		if n, err := strconv.Atoi(strings.TrimSpace(field)); err == nil {
			fields[i] = fmt.Sprintf("dense %d, relu", n)
		}
	}
	return models.ParseLayers(strings.Join(fields, ","))
}
