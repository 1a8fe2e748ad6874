package vm_test

import (
	"fmt"
	"testing"

	"symgrad/models"
	"symgrad/train/vm"
)

// BenchmarkForward predicts: the forward graphs of the three networks.
func BenchmarkForward(b *testing.B) {
	for _, spec := range []models.Spec{models.MLP(784, 128, 10), models.Tutorial(), models.LeNet()} {
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			b.Fatal(err)
		}
		for _, batch := range []int{1, 64, 1000} {
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/batch=%d/workers=%d", spec.Name, batch, workers), func(b *testing.B) {
					g, err := net.Forward(batch)
					if err != nil {
						b.Fatal(err)
					}
					m, err := vm.New(g.Expr, vm.Config{Workers: workers})
					if err != nil {
						b.Fatal(err)
					}
					runs(b, m)
					b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "images/s")
				})
			}
		}
	}
}

// runs times a machine's runs, and closes it.
func runs(b *testing.B, m interface {
	RunAll() error
	Close() error
}) {
	defer m.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := m.RunAll(); err != nil {
			b.Fatal(err)
		}
	}
}
