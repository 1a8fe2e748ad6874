package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// TestConvolutionsTogether: the values of graphs that tempt the machine.
func TestConvolutionsTogether(t *testing.T) { expressions(t, convolutions()) }

// convolutions are graphs of this project's convolutions that no stack of layers
// makes: each tempts the machine to fuse what does not belong together.
func convolutions() map[string]expression {
	must := G.Must
	conv := func(x, w *G.Node) *G.Node { return must(ops.Conv2D(x, w, [2]int{1, 1}, [2]int{})) }
	pool := func(x *G.Node) *G.Node { return must(ops.MaxPool(x, [2]int{2, 2}, [2]int{2, 2})) }
	mean := func(x *G.Node) *G.Node { return must(ops.MeanPool(x, [2]int{2, 2}, [2]int{2, 2})) }
	bias := func(x, b *G.Node) *G.Node { return must(ops.AddBias(x, b)) }
	x, w, v, b := normal(1, 3, 2, 8, 8), normal(2, 4, 2, 3, 3), normal(3, 4, 2, 3, 3), normal(4, 4)
	nodes := func(build func(p G.Nodes) G.Nodes, params ...array) expression {
		return expression{params: params, build: func(p G.Nodes) (G.Nodes, error) { return build(p), nil }}
	}
	return map[string]expression{
		"two of one input": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(conv(p[0], p[1]), conv(p[0], p[2])))}
		}, x, w, v),
		"two of one input, pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(pool(conv(p[0], p[1])), pool(conv(p[0], p[2]))))}
		}, x, w, v),
		"two of one input, added and pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{pool(must(G.Add(conv(p[0], p[1]), conv(p[0], p[2]))))}
		}, x, w, v),
		"one filter twice": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.HadamardProd(conv(p[0], p[2]), conv(p[1], p[2])))}
		}, x, normal(9, 3, 2, 8, 8), w),
		"one filter twice in a row": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{conv(must(G.Tanh(conv(p[0], p[1]))), p[1])}
		}, x, normal(5, 2, 2, 3, 3)),
		"pooled twice": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.Add(pool(y), mean(y))), y}
		}, x, w, b),
		"activation and pool beside each other": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.HadamardProd(pool(y), mean(must(G.Rectify(y)))))}
		}, x, w, b),
		"two activations": nodes(func(p G.Nodes) G.Nodes {
			y := bias(conv(p[0], p[1]), p[2])
			return G.Nodes{must(G.Add(pool(must(G.Tanh(y))), pool(must(G.Sigmoid(y)))))}
		}, x, w, b),
		"two biases": nodes(func(p G.Nodes) G.Nodes {
			y := conv(p[0], p[1])
			return G.Nodes{pool(must(G.HadamardProd(bias(y, p[2]), bias(y, p[3]))))}
		}, x, w, b, normal(6, 4)),
		"one bias twice": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Add(pool(bias(conv(p[0], p[1]), p[3])), pool(bias(conv(p[0], p[2]), p[3]))))}
		}, x, w, v, b),
		"pool read twice": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{must(G.HadamardProd(y, must(G.Tanh(y))))}
		}, x, w, b),
		"pooled maps read, then convolved": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{pool(conv(y, p[3])), y}
		}, x, w, b, normal(7, 5, 4, 2, 2)),
		"pooled maps convolved twice": nodes(func(p G.Nodes) G.Nodes {
			y := pool(must(G.Rectify(bias(conv(p[0], p[1]), p[2]))))
			return G.Nodes{must(G.Add(pool(conv(y, p[3])), pool(conv(y, p[4]))))}
		}, x, w, b, normal(7, 5, 4, 2, 2), normal(8, 5, 4, 2, 2)),
		"sum of a convolution": nodes(func(p G.Nodes) G.Nodes { return G.Nodes{must(G.Sum(conv(p[0], p[1])))} }, x, w),
		"sum of it with bias": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Sum(bias(conv(p[0], p[1]), p[2])))}
		}, x, w, b),
		"sum of it pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(G.Sum(pool(bias(conv(p[0], p[1]), p[2]))))}
		}, x, w, b),
		"a stride that no kernel knows": nodes(func(p G.Nodes) G.Nodes {
			y := must(ops.Conv2D(p[0], p[1], [2]int{2, 3}, [2]int{1, 0}))
			return G.Nodes{must(G.Tanh(bias(y, p[2])))}
		}, x, w, b),
		"a pool that no kernel knows": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{must(ops.MaxPool(conv(p[0], p[1]), [2]int{17, 17}, [2]int{1, 1}))}
		}, normal(1, 1, 1, 20, 20), normal(2, 2, 1, 3, 3)),
		"a pool, and the gradient of another": {flat: true, params: []array{x, w}, build: func(p G.Nodes) (G.Nodes, error) {
			y := conv(p[0], p[1])
			other := must(ops.MaxPool(y, [2]int{2, 2}, [2]int{3, 3}))
			grads, err := G.Grad(must(G.Sum(other)), p[1])
			return append(grads, pool(y)), err
		}},
		"something else than an activation, pooled": nodes(func(p G.Nodes) G.Nodes {
			return G.Nodes{pool(must(G.Square(conv(p[0], p[1]))))}
		}, x, w),
	}
}

// The gradient of one of two convolutions of one input, whose settings differ
// but whose shapes do not.
func TestGradientOfOneOfTwoConvolutions(t *testing.T) {
	must := G.Must
	for dtype, tolerance := range both {
		for what, first := range map[string]int{"the first": 0, "the second": 1} {
			check(t, dtype.String()+", "+what, func() (*sample, error) {
				e := expression{params: []array{normal(1, 2, 2, 3, 3), normal(2, 4, 2, 3, 3), normal(3, 4, 2, 3, 3)}, flat: true}
				e.build = func(p G.Nodes) (G.Nodes, error) {
					one := must(ops.Conv2D(p[0], p[1], [2]int{1, 1}, [2]int{}))
					two := must(ops.Conv2D(p[0], p[2], [2]int{3, 3}, [2]int{1, 1}))
					cost := must(G.Sum(must(G.Tanh(G.Nodes{one, two}[first]))))
					grads, err := G.Grad(cost, p[1+first])
					return G.Nodes{one, two, grads[0]}, err
				}
				return e.sample(dtype)
			}, tolerance)
		}
	}
}
