package vm_test

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// idle is a machine that has not run yet.
func idle(t *testing.T, g *G.ExprGraph, results ...*G.Node) *vm.Machine {
	t.Helper()
	m, err := vm.New(g, vm.Config{Results: results})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// TestAnInputAsAResult is whatever is bound to it, from the start and after
// another was bound.
func TestAnInputAsAResult(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	m := idle(t, g, x, G.Must(G.Square(x)))
	if m.Value(x) != x.Value() {
		t.Error("before a run, another value")
	}
	be := must(valueOf(tensor.Float64, []float64{3, 4}, []int{2}))
	if err := G.Let(x, be); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil || m.Value(x) != be || x.Value() != be {
		t.Error("after a run, another value", err)
	}
}

// TestResultsOfOneMemory: what is read in two shapes, may be written in one of
// them; and a node that another machine bound is bound again.
func TestResultsOfOneMemory(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{4}, 1, 2, 3, 4)
	y := G.Must(G.Square(x))
	z := G.Must(G.Reshape(y, tensor.Shape{2, 2}))
	m := run(t, g, y, z)
	clear(m.Value(z).Data().([]float64))
	if got := numbers(m.Value(y)); !slices.Equal(got, []float64{1, 4, 9, 16}) {
		t.Errorf("%v after the other shape was cleared", got)
	}
	clear(m.Value(y).Data().([]float64))
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := numbers(m.Value(z)); !slices.Equal(got, []float64{1, 4, 9, 16}) {
		t.Errorf("%v after both shapes were cleared and a run", got)
	}
	if err := G.UnsafeLet(y, must(valueOf(tensor.Float64, make([]float64, 4), []int{4}))); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil || y.Value() != m.Value(y) {
		t.Errorf("the node is %v after a run, error %v", y.Value(), err)
	}
}

// TestGradientsOfTheirOwn: two parameters with one gradient node have each their
// own numbers, new ones after every run, scalars and vectors of both types; a
// gradient of one parameter alone is the machine's own.
func TestGradientsOfTheirOwn(t *testing.T) {
	for _, of := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, shape := range [][]int{{}, {3}} {
			g := G.NewGraph()
			node := func(name string, v float64) *G.Node {
				return bind(t, g, of, name, shape, []float64{v, 2, 3}[:tensor.Shape(shape).TotalSize()]...)
			}
			a, b, c := node("a", 1), node("b", 4), node("c", 5)
			loss := G.Must(G.HadamardProd(G.Must(G.Add(a, b)), c))
			if len(shape) > 0 {
				loss = G.Must(G.Sum(loss))
			}
			gradient(t, loss, a, b, c)
			m := run(t, g)
			for range 2 {
				ofA, ofB := must(a.Grad()), must(b.Grad())
				for _, grad := range []G.Value{ofA, ofB} {
					if got, want := numbers(grad), numbers(c.Value()); !slices.Equal(got, want) {
						t.Errorf("%v of shape %v: gradient %v, want %v", of, shape, got, want)
					}
				}
				if ofA == ofB {
					t.Errorf("%v of shape %v: one value for two gradients", of, shape)
				}
				if ofC, _ := c.Grad(); ofC != m.Value(c.Deriv()) {
					t.Errorf("%v of shape %v: a gradient alone is copied", of, shape)
				}
				if err := G.Let(c, must(valueOf(of, []float64{6, 7, 8}, shape))); err != nil {
					t.Fatal(err)
				}
				if err := m.RunAll(); err != nil {
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
	b := bind(t, g, tensor.Float32, "b", []int{2}, 1, 2)
	ofX := gradient(t, G.Must(G.Sum(G.Must(G.Square(G.Must(G.Add(x, b)))))), x, b)[0]
	m := idle(t, g)
	if err := m.RunOn(x, []float32{3, 5}); err != nil {
		t.Fatal(err)
	}
	for _, grad := range []G.Value{m.Value(ofX), must(b.Grad())} {
		if got := numbers(grad); !slices.Equal(got, []float64{8, 14}) {
			t.Errorf("gradient %v, want [8 14]", got)
		}
	}
}
