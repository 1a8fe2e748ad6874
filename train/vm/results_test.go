package vm_test

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// machineFor has the results that are named; where none is, the usual ones.
func machineFor(t *testing.T, g *G.ExprGraph, results ...*G.Node) *vm.Machine {
	t.Helper()
	m, err := vm.New(g, vm.Config{Workers: 1, Results: results})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func runs(t *testing.T, m *vm.Machine) {
	t.Helper()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
}

// TestAnInputAsAResult is whatever is bound to it, from the start and after
// another was bound.
func TestAnInputAsAResult(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("x"), G.WithValue(dense(tensor.Shape{2}, 1, 2)))
	m := machineFor(t, g, x, G.Must(G.Square(x)))
	if m.Value(x) != x.Value() {
		t.Error("before a run, another value")
	}
	be := dense(tensor.Shape{2}, 3, 4)
	if err := G.Let(x, be); err != nil {
		t.Fatal(err)
	}
	if runs(t, m); m.Value(x) != G.Value(be) || x.Value() != G.Value(be) {
		t.Error("after a run, another value")
	}
}

// TestResultsOfOneMemory: what is read in two shapes, may be written in one of
// them; and a node that another machine bound is bound again.
func TestResultsOfOneMemory(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithShape(4), G.WithName("x"), G.WithValue(dense(tensor.Shape{4}, 1, 2, 3, 4)))
	y := G.Must(G.Square(x))
	z := G.Must(G.Reshape(y, tensor.Shape{2, 2}))
	m := machineFor(t, g, y, z)
	runs(t, m)
	clear(m.Value(z).Data().([]float64))
	if got := numbers(m.Value(y)); !slices.Equal(got, []float64{1, 4, 9, 16}) {
		t.Errorf("%v after the other shape was cleared", got)
	}
	clear(m.Value(y).Data().([]float64))
	runs(t, m)
	if got := numbers(m.Value(z)); !slices.Equal(got, []float64{1, 4, 9, 16}) {
		t.Errorf("%v after both shapes were cleared and a run", got)
	}
	if err := G.UnsafeLet(y, dense(tensor.Shape{4}, 0, 0, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if runs(t, m); y.Value() != m.Value(y) {
		t.Errorf("the node is %v after a run", y.Value())
	}
}

// value is a scalar, the first number, or a vector.
func value(of tensor.Dtype, dims int, numbers ...float64) G.Value {
	wide := tensor.New(tensor.WithBacking(numbers))
	narrow := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(numbers)))
	for i, v := range numbers {
		narrow.Float32s()[i] = float32(v)
	}
	switch {
	case dims == 0 && of == tensor.Float32:
		return G.NewF32(narrow.Float32s()[0])
	case dims == 0:
		return G.NewF64(numbers[0])
	case of == tensor.Float32:
		return narrow
	}
	return wide
}

// TestGradientsOfTheirOwn: two parameters with one gradient node have each their
// own numbers, new ones after every run, scalars and matrices of both types; a
// gradient of one parameter alone is the machine's own.
func TestGradientsOfTheirOwn(t *testing.T) {
	shapes := []tensor.Shape{{}, {3}}
	for _, of := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for dims := range shapes {
			g := G.NewGraph()
			node := func(name string, v float64) *G.Node {
				return G.NewTensor(g, of, dims, G.WithName(name), G.WithShape(shapes[dims]...), G.WithValue(value(of, dims, v, 2, 3)))
			}
			a, b, c := node("a", 1), node("b", 4), node("c", 5)
			loss := G.Must(G.Mul(G.Must(G.Add(a, b)), c))
			if dims == 1 {
				loss = G.Must(G.Sum(G.Must(G.HadamardProd(G.Must(G.Add(a, b)), c))))
			}
			if _, err := G.Grad(loss, a, b, c); err != nil {
				t.Fatal(err)
			}
			m := machineFor(t, g)
			for range 2 {
				runs(t, m)
				ofA, err := a.Grad()
				if err != nil {
					t.Fatal(err)
				}
				ofB, err := b.Grad()
				if err != nil {
					t.Fatal(err)
				}
				for _, grad := range []G.Value{ofA, ofB} {
					if got, want := numbers(grad), numbers(c.Value()); !slices.Equal(got, want) {
						t.Errorf("%v, %d axes: gradient %v, want %v", of, dims, got, want)
					}
				}
				if ofA == ofB {
					t.Errorf("%v, %d axes: one value for two gradients", of, dims)
				}
				if ofC, _ := c.Grad(); ofC != m.Value(c.Deriv()) {
					t.Errorf("%v, %d axes: a gradient alone is copied", of, dims)
				}
				if err := G.Let(c, value(of, dims, 6, 7, 8)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestTheGradientOfWhatIsLent: an input that numbers are lent for has no value
// that a gradient could stand beside; not even where a parameter has the same.
func TestTheGradientOfWhatIsLent(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float32, G.WithShape(2), G.WithName("x"))
	b := G.NewVector(g, tensor.Float32, G.WithShape(2), G.WithName("b"), G.WithValue(value(tensor.Float32, 1, 1, 2)))
	loss := G.Must(G.Sum(G.Must(G.Square(G.Must(G.Add(x, b))))))
	grads, err := G.Grad(loss, x, b)
	if err != nil {
		t.Fatal(err)
	}
	m := machineFor(t, g)
	if err := m.RunOn(x, []float32{3, 5}); err != nil {
		t.Fatal(err)
	}
	ofB, err := b.Grad()
	if err != nil {
		t.Fatal(err)
	}
	for _, grad := range []G.Value{m.Value(grads[0]), ofB} {
		if got := numbers(grad); !slices.Equal(got, []float64{8, 14}) {
			t.Errorf("gradient %v, want [8 14]", got)
		}
	}
}
