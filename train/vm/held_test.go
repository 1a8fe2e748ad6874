package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// What is held is packed once: a change that breaks the promise is not seen before
// the next one, and then at once. Without a promise every change is.
func TestHeldWeights(t *testing.T) {
	for _, workers := range []int{1, 3} {
		g := G.NewGraph()
		matrix := func(name string, rows, cols int) (*G.Node, []float32) {
			data := make([]float32, rows*cols)
			for i := range data {
				data[i] = 1
			}
			return G.NewMatrix(g, tensor.Float32, G.WithName(name), G.WithShape(rows, cols),
				G.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data)))), data
		}
		x, _ := matrix("x", 60, 400)
		w, numbers := matrix("w", 400, 70)
		y := G.Must(G.Mul(x, w))
		m, err := vm.New(g, vm.Config{Workers: workers, Results: []*G.Node{y}})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		for step, c := range []struct {
			hold  []*G.Node // nil: no call
			w     float32
			wants float32
		}{
			{nil, 1, 1}, {nil, 2, 2},
			{[]*G.Node{w}, 3, 3}, {nil, 4, 3},
			{[]*G.Node{w}, 5, 5}, {nil, 6, 5},
			{[]*G.Node{}, 7, 7}, {nil, 8, 8},
			{[]*G.Node{x}, 9, 9}, {nil, 10, 10},
			{[]*G.Node{w, x}, 11, 11}, {nil, 12, 11},
		} {
			if c.hold != nil {
				m.Hold(c.hold...)
			}
			for i := range numbers {
				numbers[i] = c.w
			}
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			for i, v := range m.Value(y).Data().([]float32) {
				if v != 400*c.wants {
					t.Fatalf("%d workers, step %d: element %d is %g, want %g", workers, step, i, v, 400*c.wants)
				}
			}
		}
		weights := []*G.Node{w}
		if n := testing.AllocsPerRun(5, func() { m.Hold(weights...); err = m.RunAll() }); n != 0 || err != nil {
			t.Errorf("%v allocations to hold and run, error %v", n, err)
		}
	}
}
