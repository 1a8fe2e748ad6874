package vm_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/train/vm"
)

// Log after SoftMax turns the SoftMax node itself into log-softmax while the
// graph is built, so that both nodes hold logarithms: nothing that runs the graph
// can tell. The logarithms are right; probabilities need a SoftMax of another
// node, or Exp.
func TestIssue569LogAfterSoftMax(t *testing.T) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{1, 2, 1, 4}, 5, 2, 10, 2, 1, 2, 4, 4)
	p := G.Must(G.SoftMax(x, 1))
	before := p.Op().String()
	logp := G.Must(G.Log(p))
	if after := p.Op().String(); before == after || !strings.Contains(after, "true") {
		t.Errorf("building Log left the operator as it was: %s, then %s", before, after)
	}
	probabilities := G.Must(G.Exp(logp))
	m, err := vm.New(g, vm.Config{Workers: 1, Results: G.Nodes{p, logp, probabilities}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	var logs, plain []float64
	for _, d := range []float64{4, 0, 6, -2, -4, 0, -6, 2} {
		logs, plain = append(logs, -math.Log1p(math.Exp(-d))), append(plain, 1/(1+math.Exp(-d)))
	}
	near(t, "Log", m.Value(logp), logs...)
	near(t, "Exp of Log", m.Value(probabilities), plain...)
	near(t, "the node that was SoftMax", m.Value(p), logs...)
}

// The gradient of softmax with binary cross-entropy, which could not be built
// when it was reported (as StableSoftMax, which has become SoftMax), can be. But
// BinaryXent takes the logarithm, so that issue 569 strikes: the graph that is
// built computes with logarithms in place of probabilities. Probabilities as Exp
// of LogSoftMax are left alone.
func TestIssue323SoftMaxAndBinaryXent(t *testing.T) {
	z := [3]float64{0.2, -0.4, 0.7}
	loss := func(of func(x *G.Node) *G.Node) (loss float64, slope []float64) {
		g := G.NewGraph()
		x, y := input(t, g, "x", []int{1, 3}, z[:]...), input(t, g, "y", []int{1, 3}, 0, 1, 0)
		cost := G.Must(G.Mean(G.Must(G.Sum(G.Must(G.BinaryXent(of(x), y)), 1))))
		d, err := G.Grad(cost, x)
		if err != nil {
			t.Fatal(err)
		}
		ran(t, g)
		return numbers(cost.Value())[0], numbers(d[0].Value())
	}
	softmax := func(z [3]float64) (p [3]float64) {
		total := math.Exp(z[0]) + math.Exp(z[1]) + math.Exp(z[2])
		for i := range p {
			p[i] = math.Exp(z[i]) / total
		}
		return p
	}
	p := softmax(z)
	got, _ := loss(func(x *G.Node) *G.Node { return G.Must(G.SoftMax(x, 1)) })
	if want := -math.Log(1-math.Log(p[0])) - math.Log(p[1]) - math.Log(1-math.Log(p[2])); !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("as it is built: %v, want %v", got, want)
	}
	right := func(z [3]float64) float64 {
		p := softmax(z)
		return -math.Log(1-p[0]) - math.Log(p[1]) - math.Log(1-p[2])
	}
	got, slope := loss(func(x *G.Node) *G.Node { return G.Must(G.Exp(G.Must(G.LogSoftMax(x, 1)))) })
	if want := right(z); !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("of Exp(LogSoftMax): %v, want %v", got, want)
	}
	for i, got := range slope {
		above, below := z, z
		above[i] += 1e-5
		below[i] -= 1e-5
		if want := (right(above) - right(below)) / 2e-5; !(math.Abs(got-want) <= 1e-8) {
			t.Errorf("gradient %d: %v, want %v", i, got, want)
		}
	}
}

// SoftMax of a batch, without a word about the axis and with one: rows sum to 1.
func TestIssue368SoftMaxOfRows(t *testing.T) {
	for what, of := range map[string]func(*G.Node) (*G.Node, error){
		"with axis":    func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) },
		"without axis": func(x *G.Node) (*G.Node, error) { return G.SoftMax(x) },
	} {
		g := G.NewGraph()
		p := G.Must(of(input(t, g, "x", []int{2, 3}, 1, 2, 3, -1, 0, 1)))
		ran(t, g)
		e, s := math.E, 1+math.E+math.E*math.E
		near(t, what, p.Value(), 1/s, e/s, e*e/s, 1/s, e/s, e*e/s)
	}
}
