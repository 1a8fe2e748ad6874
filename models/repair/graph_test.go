package repair_test

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

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

func TestNamesOfOperators(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, G.Float64, G.WithShape(3), G.WithName("x"))
	square, log := G.Must(G.Square(x)), G.Must(G.Log2(x))
	G.WithName("square")(square)
	G.WithName("log")(log)
	r, err := repair.Graph(g)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range (G.Nodes{x, square, log}) {
		if got := r.Of(n).Name(); got != n.Name() {
			t.Errorf("%s, was %s", got, n.Name())
		}
	}
}

// x times one of its numbers, on TapeMachine: Gorgonia's At gives it x times x.
func TestAtOnTapeMachine(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, G.Float64, G.WithShape(3), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking([]float64{1, 2, 3}))))
	y := G.Must(G.HadamardProd(x, G.Must(G.At(x, 2))))
	r, err := repair.Graph(g)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := repair.Grad(G.Must(G.Sum(r.Of(y))), r.Of(x))
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(r.Graph)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got, slope := r.Of(y).Value().Data(), grads[0].Value().Data(); fmt.Sprint(got, slope) != "[3 6 9] [3 3 9]" {
		t.Error(got, slope)
	}
	for _, place := range [][]int{{}, {3}, {-1}, {0, 0}} {
		if _, err := repair.At(x, place...); err == nil {
			t.Errorf("at %v: no error", place)
		}
	}
}
