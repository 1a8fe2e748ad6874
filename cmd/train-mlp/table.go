package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"

	"symgrad/cmd/internal/app"
	"symgrad/data"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// table trains a 3-4-1 network of the tutorials. Flags that were not given take
// the tutorials' values.
func table(ctx context.Context, task string, f *app.Flags, flags *flag.FlagSet, stdout io.Writer) error {
	sets := map[string]*data.Set{"xor": truth.XOR(), "tutorial": truth.MultiLayerRows()}
	set, ok := sets[task]
	if !ok {
		return app.Usage(fmt.Errorf("-task: no task %q; choose mnist, xor or tutorial", task))
	}
	if err := app.Refuse(flags, "with -task "+task, append(app.ImageFlags(), "hidden")...); err != nil {
		return err
	}
	if !app.Given(flags, "epochs") {
		f.Epochs = 60000
	}
	if !app.Given(flags, "optimizer") {
		f.Optimizer = "sgd"
	}
	if !app.Given(flags, "schedule") {
		f.Schedule = "constant"
	}
	table, err := f.Table(models.TwoLayers(3, 4, 1), set)
	if err != nil {
		return err
	}
	net := table.Net
	report := func(step int) error {
		outputs, err := app.Outputs(net, set)
		fmt.Fprintf(stdout, "Error after %5d steps: %.12f\n", step, meanError(outputs, set.Targets))
		return err
	}
	if err := table.Learn(ctx, 10000, report, stdout); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Weights of the hidden layer:\n%s\nof the output:\n%s\n", app.Matrix(net.Params[0].Float64s(), 4), app.Matrix(net.Params[1].Float64s(), 1))
	answer, err := train.Predict(net, []float64{1, 1, 0})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "[1 1 0] -> %s\n", app.Number(answer.Probabilities[0]))
	return nil
}

// meanError is the mean absolute difference, which the tutorial prints.
func meanError(outputs, targets []float64) float64 {
	sum := 0.0
	for i, o := range outputs {
		sum += math.Abs(targets[i] - o)
	}
	return sum / float64(len(outputs))
}
