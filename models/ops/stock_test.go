package ops_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// Gorgonia's own convolution and max-pool are right with symmetric padding and
// one of them in a graph: a second opinion on values and gradients.
func TestAgreesWithGorgonia(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		x                 []int
		size, stride, pad [2]int
	}{
		{[]int{1, 1, 5, 5}, [2]int{3, 3}, once, [2]int{}},
		{[]int{2, 3, 7, 6}, [2]int{3, 3}, once, once},
		{[]int{7, 1, 6, 9}, [2]int{5, 5}, once, twice},
		{[]int{2, 2, 8, 7}, [2]int{3, 2}, twice, [2]int{}},
		{[]int{3, 2, 7, 8}, [2]int{2, 3}, [2]int{1, 2}, [2]int{0, 1}},
		{[]int{2, 3, 9, 9}, [2]int{1, 1}, [2]int{3, 3}, [2]int{}},
		{[]int{1, 2, 4, 4}, [2]int{4, 4}, once, [2]int{}},
	} {
		conv := sample{params: []array{normal(r, c.x...), normal(r, 3, c.x[1], c.size[0], c.size[1])}}
		agree(t, fmt.Sprintf("convolution %+v", c), conv,
			func(p G.Nodes) (*G.Node, error) { return ops.Conv2D(p[0], p[1], c.stride, c.pad) },
			func(p G.Nodes) (*G.Node, error) {
				return G.Conv2d(p[0], p[1], tensor.Shape(c.size[:]), c.pad[:], c.stride[:], []int{1, 1})
			})
		pool := sample{params: []array{spread(r, c.x...)}}
		agree(t, fmt.Sprintf("max-pool %+v", c), pool,
			func(p G.Nodes) (*G.Node, error) { return ops.MaxPool(p[0], c.size, c.stride) },
			func(p G.Nodes) (*G.Node, error) {
				return G.MaxPool2D(p[0], tensor.Shape(c.size[:]), []int{0, 0}, c.stride[:])
			})
	}
}

func agree(t *testing.T, what string, s sample, ours, theirs func(G.Nodes) (*G.Node, error)) {
	t.Helper()
	s.node = ours
	g := G.NewGraph()
	var params G.Nodes
	for i, p := range s.params {
		params = append(params, p.node(g, tensor.Float64, fmt.Sprint("p", i)))
	}
	s.out = normal(rand.New(rand.NewPCG(1, 2)), G.Must(ours(params)).Shape()...)
	y, grads, err := s.evaluate(tensor.Float64)
	if err != nil {
		t.Fatal(what, err)
	}
	s.node = theirs
	stockY, stockGrads, err := s.evaluate(tensor.Float64)
	if err != nil {
		t.Fatal(what, err)
	}
	if d := apart(y, stockY); d > 1e-13 {
		t.Errorf("%s: values %g apart", what, d)
	}
	for i := range grads {
		if d := apart(grads[i], stockGrads[i]); d > 1e-13 {
			t.Errorf("%s: gradients of operand %d %g apart", what, i+1, d)
		}
	}
}
