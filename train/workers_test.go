package train_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// An epoch, its short last batch included, ends in the same bits on any number
// of workers.
func TestWorkersDoNotChangeTheBits(t *testing.T) {
	_, digits, err := mnist.First(1, 500)
	if err != nil {
		t.Fatal(err)
	}
	images := digits.Head(100)
	if os.Getenv("LONG") != "" {
		images = digits.Head(500)
	}
	withDropout := models.Sequential([]int{1, 28, 28}, models.Conv2D{Maps: 8, Kernel: 5}, models.ReLU(), models.MaxPool{Size: 2},
		models.Flatten{}, models.Dropout{Drop: 0.25}, models.Dense{Out: 10})
	withDropout.Name, withDropout.Loss = "dropout", models.SoftmaxCrossEntropy()
	for _, c := range []struct {
		spec  models.Spec
		dtype tensor.Dtype
		set   *data.Set
		rule  train.Optimizer
	}{
		{models.Neuron(3), tensor.Float64, truth.AllInputs(), train.SGD()},
		{models.MLP(784, 128, 10), tensor.Float32, images, train.Nesterov(0.9)},
		{models.MLP(784, 128, 10), tensor.Float32, images, train.Adam(0.9, 0.999, 1e-8)},
		{models.MLP(784, 128, 10), tensor.Float32, images, train.RMSProp(0.9, 1e-8)},
		{models.MLP(784, 128, 10), tensor.Float64, images, train.SGD()},
		{models.Tutorial(), tensor.Float32, images, train.Momentum(0.9)},
		{models.LeNet(), tensor.Float32, images, train.AdamW(0.9, 0.999, 1e-8, 0.01)},
		{withDropout, tensor.Float32, images, train.SGD()},
	} {
		t.Run(fmt.Sprint(c.spec.Name, c.dtype, c.rule.Name), func(t *testing.T) {
			var want [][]float64
			for _, workers := range []int{1, 2, 3, 4} {
				got := epoch(t, c.spec, c.dtype, c.set, c.rule, workers)
				if want == nil {
					want = got
				}
				if !slices.EqualFunc(got, want, sameBits) {
					t.Errorf("%d workers do not give the weights of one", workers)
				}
			}
		})
	}
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// epoch trains for one and returns the weights.
func epoch(t *testing.T, spec models.Spec, dtype tensor.Dtype, set *data.Set, rule train.Optimizer, workers int) (weights [][]float64) {
	t.Helper()
	spec.Dtype = dtype
	net := network(t, spec, 1)
	for _, err := range train.Epochs(t.Context(), net, set, train.Config{
		Epochs: 1, Batch: 48, Rate: 0.01, Optimizer: rule, Seed: 1, Machine: train.OwnVM(workers)}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range net.Params {
		weights = append(weights, p.Float64s())
	}
	return weights
}
