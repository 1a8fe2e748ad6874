package ops_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models/ops"
)

// sample is an operator at one random shape: its parameters, the node that it
// adds to a graph, and its witness.
type sample struct {
	params []array
	node   func(params G.Nodes) (*G.Node, error)
	naive  func(params []array) array
	out    array // weights r of the scalar <r, y> that is differentiated
}

var kinds = map[string]func(draw func(name string, from, to int) int, r *rand.Rand) sample{
	"conv": func(draw func(string, int, int) int, r *rand.Rand) sample {
		x, size, stride := drawImages(draw)
		pad := [2]int{draw("ph", 0, 2), draw("pw", 0, 2)}
		w := normal(r, draw("maps", 1, 3), x[1], size[0], size[1])
		return sample{
			params: []array{normal(r, x...), w},
			node:   func(p G.Nodes) (*G.Node, error) { return ops.Conv2D(p[0], p[1], stride, pad) },
			naive:  func(p []array) array { return naiveConv(p[0], p[1], stride, pad) },
		}
	},
	"gradients of each image": func(draw func(string, int, int) int, r *rand.Rand) sample {
		x, size, stride := drawImages(draw)
		pad := [2]int{draw("ph", 0, 2), draw("pw", 0, 2)}
		dy := []int{x[0], draw("maps", 1, 3), (x[2]+2*pad[0]-size[0])/stride[0] + 1, (x[3]+2*pad[1]-size[1])/stride[1] + 1}
		return sample{
			params: []array{normal(r, x...), normal(r, dy...)},
			node:   func(p G.Nodes) (*G.Node, error) { return ops.Conv2DEachGrad(p[0], p[1], size, stride, pad) },
			naive:  func(p []array) array { return naiveEachGrad(p[0], p[1], size, stride, pad) },
		}
	},
	"max-pool": func(draw func(string, int, int) int, r *rand.Rand) sample {
		x, size, stride := drawImages(draw)
		return sample{
			params: []array{spread(r, x...)},
			node:   func(p G.Nodes) (*G.Node, error) { return ops.MaxPool(p[0], size, stride) },
			naive:  func(p []array) array { return naivePool(p[0], size, stride, largest) },
		}
	},
	"mean-pool": func(draw func(string, int, int) int, r *rand.Rand) sample {
		x, size, stride := drawImages(draw)
		return sample{
			params: []array{normal(r, x...)},
			node:   func(p G.Nodes) (*G.Node, error) { return ops.MeanPool(p[0], size, stride) },
			naive:  func(p []array) array { return naivePool(p[0], size, stride, mean) },
		}
	},
	"bias": func(draw func(string, int, int) int, r *rand.Rand) sample {
		n := draw("N", 1, 5)
		return biased(normal(r, draw("B", 1, 7), n), normal(r, n))
	},
	"bias of images": func(draw func(string, int, int) int, r *rand.Rand) sample {
		x, _, _ := drawImages(draw)
		return biased(normal(r, x...), normal(r, x[1]))
	},
	"cross-entropy": func(draw func(string, int, int) int, r *rand.Rand) sample {
		shape := []int{draw("B", 1, 7), draw("N", 1, 5)}
		y := normal(r, shape...) // no distribution: the formula holds for any targets
		return sample{
			params: []array{normal(r, shape...)},
			node: func(p G.Nodes) (*G.Node, error) {
				return ops.SoftmaxCrossEntropy(p[0], y.node(p[0].Graph(), p[0].Dtype(), "targets"))
			},
			naive: func(p []array) array { return naiveCrossEntropy(p[0], y) },
		}
	},
}

func biased(x, b array) sample {
	return sample{
		params: []array{x, b},
		node:   func(p G.Nodes) (*G.Node, error) { return ops.AddBias(p[0], p[1]) },
		naive:  func(p []array) array { return naiveBias(p[0], p[1]) },
	}
}

// drawImages draws a shape (B, C, H, W), 1x1 images among them, a window that fits, and a stride.
func drawImages(draw func(string, int, int) int) (shape []int, size, stride [2]int) {
	shape = []int{draw("B", 1, 7), draw("C", 1, 3), draw("H", 1, 7), draw("W", 1, 7)}
	size = [2]int{draw("kh", 1, min(3, shape[2])), draw("kw", 1, min(3, shape[3]))}
	return shape, size, [2]int{draw("sh", 1, 3), draw("sw", 1, 3)}
}

// check tries a property on random shapes of every operator.
func check(t *testing.T, property func(t *rapid.T, s sample, r *rand.Rand)) {
	for kind, from := range kinds {
		t.Run(kind, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
				s := from(func(name string, from, to int) int { return rapid.IntRange(from, to).Draw(t, name) }, r)
				s.out = normal(r, s.naive(s.params).shape...)
				property(t, s, r)
			})
		})
	}
}

// evaluate runs the graph of <r, y> on Gorgonia's own machine, twice, and gives y and
// the gradient of each parameter.
func (s sample) evaluate(dtype tensor.Dtype) (y []float64, grads [][]float64, err error) {
	g := G.NewGraph()
	var params G.Nodes
	for i, p := range s.params {
		params = append(params, p.node(g, dtype, fmt.Sprint("p", i)))
	}
	n, err := s.node(params)
	if err != nil {
		return nil, nil, err
	}
	loss, err := s.weighted(n)
	if err != nil {
		return nil, nil, err
	}
	nodes, err := G.Grad(loss, params...)
	if err != nil {
		return nil, nil, err
	}
	watched := append(G.Nodes{n}, nodes...)
	values := make([]G.Value, len(watched))
	for i, w := range watched {
		G.Read(w, &values[i])
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	for range 2 {
		m.Reset()
		if err := m.RunAll(); err != nil {
			return nil, nil, err
		}
	}
	for _, v := range values[1:] {
		grads = append(grads, read(v))
	}
	return read(values[0]), grads, nil
}

// weighted is <r, y>.
func (s sample) weighted(y *G.Node) (*G.Node, error) {
	if y.IsScalar() {
		if y.Dtype() == tensor.Float32 {
			return G.Mul(y, G.NewConstant(float32(s.out.data[0])))
		}
		return G.Mul(y, G.NewConstant(s.out.data[0]))
	}
	products, err := G.HadamardProd(y, s.out.node(y.Graph(), y.Dtype(), "r"))
	if err != nil {
		return nil, err
	}
	flat, err := G.Reshape(products, tensor.Shape{len(s.out.data)})
	if err != nil {
		return nil, err
	}
	return G.Sum(flat)
}
