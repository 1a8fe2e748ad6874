package vm_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// TestRebatch builds one expression by hand for 4 and for 7 examples, and by
// Rebatch from the one for 4: the same loss and gradients; and a step of a
// solver on one graph moves the other's parameters.
func TestRebatch(t *testing.T) {
	weights, bias := []float64{0.1, -0.2, 0.3, 0.4, 0.5, -0.6}, []float64{0.5, -0.5}
	build := func(batch int) (x, w, b, loss *G.Node) {
		g := G.NewGraph()
		x = G.NewTensor(g, tensor.Float64, 3, G.WithShape(batch, 3, 1), G.WithName("x"))
		w = G.NewMatrix(g, tensor.Float64, G.WithShape(3, 2), G.WithName("w"), G.WithValue(tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(weights))))
		b = G.NewMatrix(g, tensor.Float64, G.WithShape(1, 2), G.WithName("b"), G.WithValue(tensor.New(tensor.WithShape(1, 2), tensor.WithBacking(bias))))
		flat := G.Must(G.Reshape(x, tensor.Shape{batch, 3}))
		y := G.Must(G.Sigmoid(G.Must(G.BroadcastAdd(G.Must(G.Mul(flat, w)), b, nil, []byte{0}))))
		p := G.Must(G.SoftMax(y, 1))
		return x, w, b, G.Must(G.Mean(G.Must(G.Square(p))))
	}
	run := func(x, w, b, loss *G.Node) (out []float64) {
		data := make([]float64, x.Shape().TotalSize())
		for i := range data {
			data[i] = math.Sin(float64(i))
		}
		if err := G.Let(x, tensor.New(tensor.WithShape(x.Shape()...), tensor.WithBacking(data))); err != nil {
			t.Fatal(err)
		}
		grads, err := G.Grad(loss, w, b)
		if err != nil {
			t.Fatal(err)
		}
		m, err := vm.New(loss.Graph(), vm.Config{Workers: 1, Verify: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		for _, n := range append(grads, loss) {
			out = append(out, numbers(m.Value(n))...)
		}
		return out
	}
	want := run(build(7))
	x, w, b, loss := build(4)
	g, of, err := vm.Rebatch(7, G.Nodes{x}, G.Nodes{loss})
	if err != nil {
		t.Fatal(err)
	}
	if of[loss].Graph() != g || !of[x].Shape().Eq(tensor.Shape{7, 3, 1}) {
		t.Errorf("input %v", of[x].Shape())
	}
	got := run(of[x], of[w], of[b], of[loss])
	if d := apart(got, want, 0); !(d <= 1e-14) {
		t.Errorf("%v, want %v", got, want)
	}
	run(x, w, b, loss)
	before := of[w].Value().Data().([]float64)[0]
	if err := G.NewVanillaSolver(G.WithLearnRate(0.1)).Step(G.NodesToValueGrads(G.Nodes{w, b})); err != nil {
		t.Fatal(err)
	}
	if after := of[w].Value().Data().([]float64)[0]; after == before {
		t.Error("a step on the one graph is not seen by the other")
	}
}

func TestRebatchSaysWhatItCannot(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 3), G.WithName("x"))
	y := G.NewMatrix(g, tensor.Float64, G.WithShape(5, 3), G.WithName("y"))
	fixed := G.Must(G.Add(x, G.NewMatrix(g, tensor.Float64, G.WithShape(4, 3), G.WithName("offset"))))
	for what, c := range map[string]struct {
		batch         int
		inputs, nodes G.Nodes
		says          string
	}{
		"two batches":            {2, G.Nodes{x, y}, G.Nodes{fixed}, "want 4 examples"},
		"no examples":            {0, G.Nodes{x}, G.Nodes{fixed}, "0 examples"},
		"a size in the constant": {2, G.Nodes{x}, G.Nodes{fixed}, "+"},
	} {
		if _, _, err := vm.Rebatch(c.batch, c.inputs, c.nodes); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
