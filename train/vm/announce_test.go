package vm_test

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train/vm"
)

// Every gradient is announced once a run, with the numbers that it has at the
// run's end, and those of the last layer before those of the first.
func TestGradientsAreAnnounced(t *testing.T) {
	for _, spec := range []models.Spec{models.MLP(784, 12, 10), models.Small()} {
		net, err := spec.New(models.NewRand(1))
		if err != nil {
			t.Fatal(err)
		}
		g, err := net.Training(8)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := 0, g.Input.Value().Data().([]float32); i < len(x); i++ {
			x[i] = float32(i%7) / 7
		}
		for i, y := 0, g.Target.Value().Data().([]float32); i < len(y); i += 11 {
			y[i] = 1
		}
		m, err := vm.New(g.Expr, vm.Config{Workers: 2, Results: append(G.Nodes{g.Loss}, g.Grads...)})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		var order []int
		early := map[int][]float32{}
		m.Announce(func(n *G.Node) {
			i := slices.Index(g.Grads, n)
			order = append(order, i)
			early[i] = slices.Clone(m.Value(n).Data().([]float32))
		})
		for run := range 2 {
			order = nil
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			if len(order) != len(g.Grads) || slices.Index(order, 0) < slices.Index(order, len(g.Grads)-2) {
				t.Errorf("%s, run %d: gradients announced in the order %v of %d", spec.Name, run, order, len(g.Grads))
			}
			for i, n := range g.Grads {
				if !slices.Equal(early[i], m.Value(n).Data().([]float32)) {
					t.Errorf("%s, run %d: gradient %d was announced before it was there", spec.Name, run, i)
				}
			}
		}
		m.Announce(nil)
		order = nil
		if err := m.RunAll(); err != nil || order != nil {
			t.Errorf("announced %v after all: %v", order, err)
		}
	}
}
