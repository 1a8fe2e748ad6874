package repair_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck"
	"symgrad/models/interpret"
	"symgrad/models/repair"
)

// TestGraph: gorgonia.Grad in a repaired graph gives what repair.Grad gives, and
// once more in the repaired graph of the gradients.
func TestGraph(t *testing.T) {
	for _, e := range expressions() {
		t.Run(e.name, func(t *testing.T) {
			g, params := e.graph()
			loss, err := e.loss(params)
			if err != nil {
				t.Fatal(err)
			}
			want := secondByGrad(t, loss, params)
			got := secondByGraph(t, g, loss, params)
			for i := range want {
				for k := range want[i] {
					if d := math.Abs(want[i][k] - got[i][k]); !(d <= 1e-12*(1+math.Abs(want[i][k]))) {
						t.Errorf("second derivative by parameter %d, number %d: %v by Graph, %v by Grad", i, k, got[i][k], want[i][k])
					}
				}
			}
		})
	}
}

// graph has the expression's parameters with their values.
func (e of) graph() (*G.ExprGraph, G.Nodes) {
	g := G.NewGraph()
	var params G.Nodes
	for _, p := range e.point() {
		params = append(params, input(g, p))
	}
	return g, params
}

func input(g *G.ExprGraph, t gradcheck.Tensor) *G.Node {
	v := interpret.Float(G.Float64, t.Shape, t.Values)
	if len(t.Shape) == 0 {
		return G.NewScalar(g, G.Float64, G.WithName(t.Name), G.WithValue(v))
	}
	return G.NewTensor(g, G.Float64, len(t.Shape), G.WithShape(t.Shape...), G.WithName(t.Name), G.WithValue(v))
}

func secondByGrad(t *testing.T, loss *G.Node, params G.Nodes) [][]float64 {
	s, err := slope(func(G.Nodes) (*G.Node, error) { return loss, nil }, params, 0)
	if err != nil {
		t.Fatal(err)
	}
	second, err := repair.Grad(s, params...)
	if err != nil {
		t.Fatal(err)
	}
	return valuesOf(t, second)
}

func secondByGraph(t *testing.T, g *G.ExprGraph, loss *G.Node, params G.Nodes) [][]float64 {
	once := repaired(t, g)
	loss, params = once.Of(loss), those(once, params)
	grads, err := G.Grad(loss, params...)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := dot(grads, 0)
	if err != nil {
		t.Fatal(err)
	}
	twice := repaired(t, once.Graph)
	second, err := G.Grad(twice.Of(sum), those(twice, params)...)
	if err != nil {
		t.Fatal(err)
	}
	return valuesOf(t, second)
}

func repaired(t *testing.T, g *G.ExprGraph) *repair.Repaired {
	r, err := repair.Graph(g)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func those(r *repair.Repaired, nodes G.Nodes) (new G.Nodes) {
	for _, n := range nodes {
		new = append(new, r.Of(n))
	}
	return new
}

func valuesOf(t *testing.T, nodes G.Nodes) (numbers [][]float64) {
	values, err := interpret.NewPlan(nil, nodes...).Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		numbers = append(numbers, numbersOf(values[n]))
	}
	return numbers
}
