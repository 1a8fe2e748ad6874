package ops_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"symgrad/models/ops"
)

// apart is the largest difference of two lists, relative to numbers beyond 1;
// a NaN is equal to a NaN, an infinity to itself.
func apart(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range a {
		switch d := math.Abs(a[i]-b[i]) / max(1, math.Abs(b[i])); {
		case a[i] == b[i] || math.IsNaN(a[i]) && math.IsNaN(b[i]):
		case math.IsNaN(d):
			return math.Inf(1)
		default:
			worst = max(worst, d)
		}
	}
	return worst
}

func TestValuesAgreeWithNaiveLoops(t *testing.T) {
	check(t, func(t *rapid.T, s sample, _ *rand.Rand) {
		y, _, err := s.evaluate(tensor.Float64)
		if err != nil {
			t.Fatal(err)
		}
		if d := apart(y, s.naive(s.params).data); d > 1e-13 {
			t.Errorf("value is %g apart from the loops'", d)
		}
	})
}

// Central differences of the naive loops, not of the operators: a fault in an
// operator's value cannot excuse the same fault in its gradient.
func TestGradientsAgreeWithCentralDifferences(t *testing.T) {
	const h, tolerance = 1e-4, 1e-8
	check(t, func(t *rapid.T, s sample, r *rand.Rand) {
		_, grads, err := s.evaluate(tensor.Float64)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range s.params {
			slope := func(direction array) float64 {
				at := func(h float64) float64 {
					moved := append([]array(nil), s.params...)
					moved[i] = p.moved(h, direction)
					return dot(s.out, s.naive(moved))
				}
				// Richardson's extrapolation cancels the difference's h^2 term.
				wide, narrow := (at(h)-at(-h))/(2*h), (at(h/2)-at(-h/2))/h
				return (4*narrow - wide) / 3
			}
			if len(grads[i]) != len(p.data) {
				t.Fatalf("gradient %d has %d numbers, want %d", i, len(grads[i]), len(p.data))
			}
			whole := normal(r, p.shape...)
			want := slope(whole)
			if got := dot(array{p.shape, grads[i]}, whole); !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
				t.Errorf("parameter %d along a random direction: %v, want %v", i, got, want)
			}
			for range min(16, len(p.data)) {
				e := r.IntN(len(p.data))
				unit := zeros(p.shape...)
				unit.data[e] = 1
				if want := slope(unit); !(math.Abs(grads[i][e]-want) <= tolerance*max(1, math.Abs(want))) {
					t.Errorf("parameter %d, element %d: %v, want %v", i, e, grads[i][e], want)
				}
			}
		}
	})
}

func TestFloat32AgreesWithFloat64(t *testing.T) {
	check(t, func(t *rapid.T, s sample, _ *rand.Rand) {
		y64, grads64, err := s.evaluate(tensor.Float64)
		if err != nil {
			t.Fatal(err)
		}
		y32, grads32, err := s.evaluate(tensor.Float32)
		if err != nil {
			t.Fatal(err)
		}
		if d := apart(y32, y64); d > 1e-5 {
			t.Errorf("values are %g apart", d)
		}
		for i := range grads64 {
			if d := apart(grads32[i], grads64[i]); d > 1e-4 {
				t.Errorf("gradients of parameter %d are %g apart", i, d)
			}
		}
	})
}

// y = x + b hands its own gradient node on to x, which here gets a second one
// from beside the operator, and b's gradient needs the first one unchanged.
func TestSharedGradientOfBias(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x, b, weights := normal(r, 3, 2), normal(r, 2), normal(r, 3, 2)
	g := G.NewGraph()
	nodes := G.Nodes{x.node(g, tensor.Float64, "x"), b.node(g, tensor.Float64, "b")}
	y := G.Must(ops.AddBias(nodes[0], nodes[1]))
	both := G.Must(G.Add(y, nodes[0]))
	loss := G.Must(G.Sum(G.Must(G.HadamardProd(both, weights.node(g, tensor.Float64, "r")))))
	if _, err := G.Grad(loss, nodes...); err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g, G.BindDualValues(nodes...))
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	wantX, wantB := zeros(3, 2), zeros(2)
	for i, v := range weights.data {
		wantX.data[i] = 2 * v
		wantB.data[i%2] += v
	}
	for i, want := range [][]float64{wantX.data, wantB.data} {
		got, err := nodes[i].Grad()
		if err != nil {
			t.Fatal(err)
		}
		if d := apart(read(got), want); d > 1e-15 {
			t.Errorf("gradient of %v is %v, want %v", nodes[i], got, want)
		}
	}
}

// Targets have no gradient: Gorgonia says so, it does not panic.
func TestTargetsHaveNoGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	g := G.NewGraph()
	z, y := normal(r, 2, 3).node(g, tensor.Float64, "z"), normal(r, 2, 3).node(g, tensor.Float64, "y")
	loss := G.Must(ops.SoftmaxCrossEntropy(z, y))
	if _, err := G.Grad(loss, y); err == nil {
		t.Error("targets were differentiated")
	}
	for _, op := range every {
		if wrt := op.DiffWRT(op.Arity()); len(wrt) != op.Arity() {
			t.Errorf("%v: DiffWRT has %d entries for %d operands", op, len(wrt), op.Arity())
		}
	}
}

// A gradient that is not of the operator's result is an error when it is
// differentiated, with the first operator that it does not fit.
func TestGradientsOfAnotherShape(t *testing.T) {
	for _, op := range every {
		var g *G.ExprGraph
		var in G.Nodes
		var y *G.Node
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g, in = G.NewGraph(), nil
			for i, a := range operands(op) {
				in = append(in, a.node(g, dtype, fmt.Sprint("x", i)))
			}
			y = G.Must(G.ApplyOp(op, in...))
			fitting, err := op.SymDiff(in, y, y)
			if err != nil || len(fitting) != len(in) {
				t.Errorf("%v, %v: %d gradients, %v", op, dtype, len(fitting), err)
			}
			for i, d := range fitting {
				if d != nil && !d.Shape().Eq(in[i].Shape()) {
					t.Errorf("%v: operand %v has a gradient of %v", op, in[i].Shape(), d.Shape())
				}
			}
		}
		wrong := zeros(3, 1, 2).node(g, tensor.Float64, "wrong")
		if d, err := op.SymDiff(in, y, wrong); err == nil {
			t.Errorf("%v: %v", op, d)
		} else if conv, ok := op.(ops.Conv2DOp); ok && !strings.Contains(err.Error(), "Conv2DInputGrad") {
			t.Errorf("%v: %v", conv, err)
		}
	}
}
