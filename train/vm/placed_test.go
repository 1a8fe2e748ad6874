package vm_test

import (
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/vm"
)

// A gradient that is placed is written there to the same bits, run after run.
func TestGradientsArePlaced(t *testing.T) {
	for _, spec := range []models.Spec{models.Neuron(3), models.MLP(20, 12, 4), models.Small(), models.Tutorial(), models.LeNet()} {
		for _, of := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			if spec.Dtype = of; of == tensor.Float32 {
				checkPlaced[float32](t, spec)
			} else {
				checkPlaced[float64](t, spec)
			}
		}
	}
}

func checkPlaced[F float32 | float64](t *testing.T, spec models.Spec) {
	t.Helper()
	spec.L2 = 0.01
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Training(3)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := 0, g.Input.Value().Data().([]F); i < len(x); i++ {
		x[i] = F(i%7) / 7
	}
	for i, y := 0, g.Target.Value().Data().([]F); i < len(y); i += 11 {
		y[i] = 1
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: 2, Results: append(G.Nodes{g.Loss}, g.Grads...)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	run := func() {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	run()
	var want, own [][]F
	for i, n := range g.Grads {
		numbers := m.Value(n).Data().([]F)
		own, want = append(own, numbers), append(want, slices.Clone(numbers))
		if m.Place(n, make([]F, len(numbers)+1)) || m.Place(n, make([]int, len(numbers))) {
			t.Errorf("%s: gradient %d may be placed among other numbers", spec.Name, i)
		}
	}
	if m.Place(g.Loss, make([]F, 1)) || m.Place(g.Input, make([]F, len(g.Input.Value().Data().([]F)))) {
		t.Errorf("%s: a scalar, or an input, may be placed", spec.Name)
	}
	for range 2 {
		var placed [][]F
		for i, n := range g.Grads {
			to := make([]F, len(want[i]))
			for j := range to {
				to[j] = F(math.NaN())
			}
			if placed = append(placed, to); !m.Place(n, to) {
				t.Errorf("%s: gradient %d cannot be placed", spec.Name, i)
			}
		}
		run()
		for i := range want {
			if !slices.Equal(placed[i], want[i]) {
				t.Errorf("%s, %v: gradient %d is not where it was placed", spec.Name, spec.Dtype, i)
			}
		}
	}
	for i, n := range g.Grads {
		m.Place(n, own[i])
	}
	run()
	for i := range want {
		if !slices.Equal(own[i], want[i]) {
			t.Errorf("%s: gradient %d is not the machine's own again", spec.Name, i)
		}
	}
}
