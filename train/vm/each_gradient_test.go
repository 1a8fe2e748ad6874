package vm_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/interpret"
	"symgrad/models/ops"
	"symgrad/train"
)

// factors is the graph of a network's gradients from each example.
func factors(net *models.Network, batch int) func() (*sample, error) {
	return func() (*sample, error) {
		g, err := net.Factors(batch)
		if err != nil {
			return nil, err
		}
		s := &sample{expr: g.Expr, inputs: G.Nodes{g.Input, g.Target}, results: g.Results()}
		for k, n := range s.inputs {
			if err := fill(n.Value().Data(), normal(uint64(7+k), n.Shape()...).values); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
}

// TestFactors: gradients of each example, of every layer in all its settings, by
// the interpreter: TapeMachine overwrites what a layer of no work of its own gives.
func TestFactors(t *testing.T) {
	for name, spec := range layerSpecs() {
		t.Run(name, func(t *testing.T) {
			for dtype, tolerance := range both {
				s, err := start(factors(network(t, spec, dtype), 3), train.OwnVM(2))
				if err != nil {
					t.Fatal(err)
				}
				defer s.machine.Close()
				want, err := interpret.Values(s.expr, nil)
				if err == nil {
					err = s.machine.RunAll()
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range s.results {
					if off := apart(numbers(s.machine.Value(n)), numbers(want[n]), tolerance); off > tolerance {
						t.Errorf("%v: %v is %g apart", dtype, n, off)
					}
				}
			}
		})
	}
}

// TestFactorsAreFused: only the maxima have a gradient, and convolutions without a
// pool go by their kernels too.
func TestFactorsAreFused(t *testing.T) {
	for want, spec := range map[string]models.Spec{
		"eachGrad(1x28x28 to 10@5x5, bias, max-pool 2x2)":  models.Tutorial(),
		"eachGrad(32x13x13 to 64@3x3, bias, max-pool 2x2)": models.LeNet(),
		"eachGrad(2x8x9 to 3@3x3, bias)":                   layerSpecs()["nothing but a convolution"],
	} {
		s, err := factors(network(t, spec, tensor.Float32), 2)()
		if err != nil {
			t.Fatal(err)
		}
		if p := program(t, *s); !strings.Contains(p, want) {
			t.Errorf("no %s in\n%s", want, p)
		}
	}
}

// TestEachGradientOfOthers: gradients of each image that are like a convolution's
// but in one thing.
func TestEachGradientOfOthers(t *testing.T) {
	four, one, none := [2]int{4, 4}, [2]int{1, 1}, [2]int{}
	three := [2]int{3, 3}
	each := func(x, dy *G.Node, kernel, stride, pad [2]int) *G.Node {
		return G.Must(ops.Conv2DEachGrad(x, dy, kernel, stride, pad))
	}
	pool := func(x *G.Node) *G.Node { return G.Must(ops.MaxPool(x, [2]int{2, 2}, [2]int{2, 2})) }
	expressions(t, map[string]expression{
		"of one geometry": {flat: true, build: func(p G.Nodes) (G.Nodes, error) {
			y, err := ops.Conv2D(p[0], p[1], four, none)
			return G.Nodes{y, each(p[0], p[2], three, four, none), each(p[0], p[2], three, [2]int{5, 4}, none), each(p[0], p[2], three, four, [2]int{1, 0}),
				each(p[0], p[2], [2]int{3, 4}, four, none), each(p[3], p[2], three, four, none), each(p[0], p[4], three, four, none)}, err
		}, params: []array{normal(1, 3, 2, 8, 8), normal(2, 4, 2, 3, 3), normal(3, 3, 4, 2, 2), normal(4, 3, 2, 8, 8), normal(5, 3, 5, 2, 2)}},
		"through a pool": {flat: true, build: func(p G.Nodes) (G.Nodes, error) {
			y := G.Must(ops.Conv2D(p[0], p[1], one, none))
			d, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(pool(y))))), p[0], p[1])
			return append(d, pool(y), each(p[0], y.Deriv(), three, one, none)), err
		}, params: []array{normal(1, 3, 2, 8, 8), normal(2, 4, 2, 3, 3)}},
		"between convolutions, from what is in the graph's order": {flat: true, build: func(p G.Nodes) (G.Nodes, error) {
			conv := func(x, w *G.Node) *G.Node { return G.Must(ops.Conv2D(x, w, one, none)) }
			maps := conv(p[0], p[1])
			return G.Nodes{conv(conv(maps, p[2]), p[3]), each(maps, p[4], three, one, none)}, nil
		}, params: []array{normal(1, 3, 2, 10, 10), normal(2, 4, 2, 3, 3), normal(3, 5, 4, 3, 3), normal(4, 6, 5, 3, 3), normal(5, 3, 5, 6, 6)}},
		"another's images through a pool": {flat: true, build: func(p G.Nodes) (G.Nodes, error) {
			y := G.Must(ops.Conv2D(p[0], p[1], one, none))
			_, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(pool(y))))), p[1])
			return G.Nodes{pool(y), each(p[2], y.Deriv(), three, one, none)}, err
		}, params: []array{normal(1, 3, 2, 8, 8), normal(2, 4, 2, 3, 3), normal(3, 3, 2, 8, 8)}},
	})
}
