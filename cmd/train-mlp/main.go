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
train-mlp trains a multi-layer perceptron, h = relu(x W1 + b1), logits = h W2 + b2.

  go run ./cmd/train-mlp                     784-128-10 on MNIST
  go run ./cmd/train-mlp -hidden 256,64      two hidden layers
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
	set.StringVar(&hidden, "hidden", hidden, "units of the hidden layers, with commas between")
	f.Register(&set)
	f.RegisterHidden(&set)
	f.RegisterImages(&set)
	if err := app.Parse("train-mlp", about, &set, args, stderr); err != nil {
		return err
	}
	if task != "mnist" {
		return table(ctx, task, f, &set, stdout)
	}
	widths, err := parseWidths(hidden)
	if err != nil {
		return err
	}
	spec := models.MLP(append(append([]int{784}, widths...), 10)...)
	return f.Classify(ctx, stdout, stderr, spec)
}

func parseWidths(hidden string) ([]int, error) {
	var widths []int
	for _, field := range strings.FieldsFunc(hidden, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, app.Usage(fmt.Errorf("-hidden %q: want positive numbers with commas between", hidden))
		}
		widths = append(widths, n)
	}
	return widths, nil
}
