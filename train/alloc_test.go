//go:build !race

package train_test

import (
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// The race detector allocates, so this file stays out of its way.
func TestAStepAllocatesNothing(t *testing.T) {
	_, digits, err := mnist.First(1, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		spec  models.Spec
		dtype tensor.Dtype
		set   *data.Set
		rule  train.Optimizer
	}{
		{models.Neuron(3), tensor.Float64, truth.NeuronRows(), train.SGD()},
		{models.MLP(784, 128, 10), tensor.Float32, digits, train.Nesterov(0.9)},
		{models.Tutorial(), tensor.Float32, digits, train.Adam(0.9, 0.999, 1e-8)},
		{models.LeNet(), tensor.Float32, digits, train.SGD()},
	} {
		for _, of := range []struct {
			ordered bool
			shards  int
		}{{false, 1}, {true, 1}, {true, 4}} {
			c.spec.Dtype = c.dtype
			trainer, err := train.NewTrainer(network(t, c.spec, 1), c.set, train.Config{
				Epochs: 1000, Batch: min(16, c.set.Len()), Rate: 0.01, Optimizer: c.rule, Ordered: of.ordered, Shards: of.shards, Machine: train.OwnVM(2)})
			if err != nil {
				t.Fatal(err)
			}
			if n := testing.AllocsPerRun(5, func() { _, err = trainer.Step() }); err != nil || n != 0 {
				t.Errorf("%s, %+v: %v allocations a step, error %v", c.spec.Name, of, n, err)
			}
			trainer.Close()
		}
	}
}
