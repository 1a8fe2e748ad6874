// Command train-neuron trains the nine-line neuron and prints what the tutorial
// prints.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"symgrad/cmd/internal/app"
	"symgrad/data/truth"
	"symgrad/models"
)

const about = `
train-neuron trains one neuron, output = sigmoid(x W), on the four rows of the
nine-line tutorial: the whole table a step, plain gradient descent on half the
squared error, weights from numpy's random stream. It prints the weights before
and after, and the answers for all eight inputs.

  go run ./cmd/train-neuron          the tutorial's numbers
  go run ./cmd/train-neuron -bias    with a bias: [0 0 0] gets its own answer`

func main() { os.Exit(app.Main("train-neuron", run)) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := &app.Flags{Epochs: 10000, Optimizer: "sgd", Schedule: "constant", Seed: 1, VM: "own"}
	var set flag.FlagSet
	f.Register(&set)
	set.Lookup("epochs").Usage = "steps, each on the whole table"
	bias := set.Bool("bias", false, "give the neuron a bias")
	if err := app.Parse("train-neuron", about, &set, args, stderr); err != nil {
		return err
	}
	spec := models.Neuron(3)
	if *bias {
		spec = models.NeuronWithBias(3)
	}
	table, err := f.Table(spec, truth.NeuronRows())
	if err != nil {
		return err
	}
	net, title := table.Net, "Random starting synaptic weights"
	if f.Resume != "" {
		title = "Synaptic weights where training goes on"
	}
	fmt.Fprintf(stdout, "%s:\n%s\n", title, weights(net))
	if err := table.Learn(ctx, f.Epochs, nil, stdout); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "New synaptic weights after training:\n%s\n", weights(net))
	inputs := truth.AllInputs()
	answers, err := app.Outputs(net, inputs)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Considering new situation [1, 0, 0] -> ?:\n[%s]\nAll eight inputs:\n", app.Number(answers[4]))
	for i, answer := range answers {
		fmt.Fprintf(stdout, "%v -> %s\n", inputs.Values[3*i:3*i+3], app.Number(answer))
	}
	return nil
}

func weights(net *models.Network) string {
	s := app.Matrix(net.Params[0].Float64s(), 1)
	if len(net.Params) > 1 {
		s += "\nbias: " + app.Number(net.Params[1].Float64s()[0])
	}
	return s
}
