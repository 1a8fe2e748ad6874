package repair_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/repair"
)

// TestRandomGraphs: on random graphs the gradients are Gorgonia's, where those are
// right, and the second derivatives are symmetric: u'Hv = v'Hu. LONG=1 tries
// 5,000 graphs rather than 40.
func TestRandomGraphs(t *testing.T) {
	want := 40
	if os.Getenv("LONG") != "" {
		want = 5000
	}
	r := rand.New(rand.NewPCG(15, 3))
	seconds := 0
	for judged := 0; judged < want; {
		data := make([]byte, 20+r.IntN(200))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		g := randgraph.New(data, randgraph.Options{Dtype: tensor.Float64})
		params := differentiated(g)
		if len(params) == 0 || random(g.Expr) {
			continue
		}
		grads, err := repair.Grad(g.Loss, params...)
		if err != nil {
			t.Fatalf("%v\n%v%x", err, g, data)
		}
		var derivs G.Nodes
		for _, n := range params {
			derivs = append(derivs, n.Deriv())
		}
		theirs, err := interpret.NewPlan(nil, derivs...).Values(nil)
		if err != nil {
			continue // Gorgonia itself does not run it
		}
		ours, err := interpret.NewPlan(nil, grads...).Values(nil)
		if err != nil {
			t.Fatalf("%v\n%v%x", err, g, data)
		}
		judged++
		for i, n := range params {
			if a, b := numbersOf(ours[grads[i]]), numbersOf(theirs[n.Deriv()]); !close(a, b, 1e-9) && !wrong(g.Expr) {
				t.Errorf("gradient by %v: %v, Gorgonia's %v\n%v%x", n, a, b, g, data)
			}
		}
		if tested, err := symmetric(params, grads); err != nil {
			t.Errorf("%v\n%v%x", err, g, data)
		} else if tested {
			seconds++
		}
	}
	if t.Logf("%d second derivatives of %d", seconds, want); seconds < want/2 {
		t.Errorf("only %d second derivatives", seconds)
	}
}

// differentiated are the inputs of a random graph that have a gradient.
func differentiated(g *randgraph.Graph) (params G.Nodes) {
	for _, n := range g.Inputs {
		if g.Loss != nil && n.Dtype() == tensor.Float64 && n.Deriv() != nil {
			params = append(params, n)
		}
	}
	return params
}

func random(g *G.ExprGraph) bool { return has(g, "Dropout") }

// wrong tells where Gorgonia's first derivative is: of an outer product.
func wrong(g *G.ExprGraph) bool { return has(g, "a ⊗ b") || has(g, "MaxAlong") }

func has(g *G.ExprGraph, name string) bool {
	for _, n := range g.AllNodes() {
		if n.Op() != nil && strings.HasPrefix(n.Op().String(), name) {
			return true
		}
	}
	return false
}

// symmetric compares u'Hv with v'Hu; tested is false where they are no numbers.
func symmetric(params, grads G.Nodes) (tested bool, err error) {
	var products [2]*G.Node // u'Hv, v'Hu
	for i := range products {
		along, err := dot(grads, float64(i))
		if err != nil {
			return false, err
		}
		h, err := repair.Grad(along, params...)
		if err != nil {
			return false, err
		}
		if products[i], err = dot(h, float64(1-i)); err != nil {
			return false, err
		}
	}
	plan := interpret.NewPlan(nil, products[:]...)
	values, err := plan.Values(nil)
	if err != nil {
		return false, err
	}
	a, b := numbersOf(values[products[0]])[0], numbersOf(values[products[1]])[0]
	if math.IsNaN(a) || math.IsInf(a, 0) || !(math.Abs(a) <= 1e12) {
		return false, nil
	}
	r := rand.New(rand.NewPCG(1, 1))
	shaken, err := plan.Watch(nil, func(n *G.Node, args []G.Value, apply interpret.Apply) (G.Value, error) {
		v, err := apply(n, args)
		if err == nil && !interpret.IsSize(n) {
			v = shake(v, r)
		}
		return v, err
	})
	if err != nil {
		return false, err
	}
	within := 1e-12 * math.Abs(a)
	for _, n := range products { // what rounding does to them
		within += 100 * math.Abs(numbersOf(shaken[n])[0]-numbersOf(values[n])[0])
	}
	if !(math.Abs(a-b) <= within) {
		return false, fmt.Errorf("u'Hv = %v, v'Hu = %v, within %.1g", a, b, within)
	}
	return within < 1e-6*math.Abs(a), nil
}

// shake changes each number by about a thousand roundings.
func shake(v G.Value, r *rand.Rand) G.Value {
	factor := func() float64 { return 1 + 1e-13*(2*r.Float64()-1) }
	switch x := v.Data().(type) {
	case float64:
		return G.NewF64(x * factor())
	case []float64:
		for i := range x {
			x[i] *= factor()
		}
	}
	return v
}

// dot adds up nodes' numbers with weights that depend on which.
func dot(nodes G.Nodes, which float64) (sum *G.Node, err error) {
	for i, n := range nodes {
		s, err := weighted(n, 10*which+float64(i))
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = s
		} else if sum, err = G.Add(sum, s); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

func close(a, b []float64, tolerance float64) bool {
	if len(a) != len(b) {
		return false
	}
	scale := 0.0
	for i := range b {
		if v := math.Abs(b[i]); !math.IsNaN(v) && !math.IsInf(v, 0) {
			scale = max(scale, v)
		}
	}
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= tolerance*scale || a[i] == b[i] || math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

func numbersOf(v G.Value) []float64 {
	if x, one := v.Data().(float64); one {
		return []float64{x}
	}
	return v.Data().([]float64)
}
