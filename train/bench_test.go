package train_test

import (
	"fmt"
	"testing"

	"symgrad/data"
	"symgrad/data/mnist"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// BenchmarkStep makes whole training steps, gathering and the optimiser
// included: the neuron on the tutorial's four rows in float64, the others on
// MNIST in batches of 64.
func BenchmarkStep(b *testing.B) {
	digits, _, err := mnist.Load()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		spec    models.Spec
		set     *data.Set
		workers int
	}{
		{models.Neuron(3), truth.NeuronRows(), 1},
		{models.MLP(784, 128, 10), digits, 1}, {models.MLP(784, 128, 10), digits, 2},
		{models.Tutorial(), digits, 1}, {models.Tutorial(), digits, 2},
		{models.LeNet(), digits, 1}, {models.LeNet(), digits, 2},
	} {
		b.Run(fmt.Sprintf("%s/workers=%d", c.spec.Name, c.workers), func(b *testing.B) {
			net, err := c.spec.New(models.NewRand(1))
			if err != nil {
				b.Fatal(err)
			}
			batch := min(64, c.set.Len())
			t, err := train.NewTrainer(net, c.set, train.Config{Batch: batch, Rate: 0.01, Machine: train.OwnVM(c.workers)})
			if err != nil {
				b.Fatal(err)
			}
			defer t.Close()
			b.ReportAllocs()
			images := 0
			for b.Loop() {
				s, err := t.Step()
				if err != nil {
					b.Fatal(err)
				}
				images += s.Images
			}
			b.ReportMetric(float64(images)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
