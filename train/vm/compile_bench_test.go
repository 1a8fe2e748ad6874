package vm_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// BenchmarkCompile measures how compiling grows with the graph: chains of
// products and sigmoids, with gradients.
func BenchmarkCompile(b *testing.B) {
	for _, products := range []int{250, 1000, 4000} {
		b.Run(fmt.Sprint(products), func(b *testing.B) {
			g := G.NewGraph()
			x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName("x"), G.WithInit(G.Ones()))
			h := x
			for i := range products {
				w := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 2), G.WithName(fmt.Sprint("w", i)), G.WithInit(G.Ones()))
				h = G.Must(G.Sigmoid(G.Must(G.Mul(h, w))))
			}
			loss := G.Must(G.Sum(h))
			for b.Loop() {
				m, err := vm.New(g, vm.Config{Workers: 1, Results: G.Nodes{loss}})
				if err != nil {
					b.Fatal(err)
				}
				m.Close()
			}
		})
	}
}
