package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestStrayGradients: of the product's two gradients one was asked for; the other
// is no result until it is kept. What the user leaves unused is one.
func TestStrayGradients(t *testing.T) {
	g := G.NewGraph()
	x, w := bind(t, g, tensor.Float64, "x", []int{1, 2}, 3, 5), bind(t, g, tensor.Float64, "w", []int{2, 1}, 2, 4)
	y := G.Must(G.Mul(x, w))
	loss := G.Must(G.Sum(y))
	d := gradient(t, loss, w)[0]
	aside := G.Must(G.Square(y))
	m := run(t, g, nil...)
	var stray *G.Node
	for _, n := range g.AllNodes() {
		if n.Op() != nil && n != d && n.Shape().Eq(tensor.Shape{1, 2}) {
			stray = n
		}
	}
	if stray == nil || m.Value(stray) != nil {
		t.Fatalf("the gradient by the examples, %v, is a result", stray)
	}
	equal(t, "gradient", numbers(m.Value(d)), []float64{3, 5})
	equal(t, "aside", numbers(m.Value(aside)), []float64{26 * 26})
	if err := m.Keep(stray); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	equal(t, "stray", numbers(m.Value(stray)), []float64{2, 4})
}
