package vm_test

import (
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// batchNorm is a weighted sum of two normalised columns, with its input.
func batchNorm(t *testing.T) (x, loss *G.Node, op *G.BatchNormOp) {
	t.Helper()
	g := G.NewGraph()
	x = bind(t, g, tensor.Float64, "x", []int{3, 2}, 1, 2, 3, 5, 2, -1)
	scale, shift := bind(t, g, tensor.Float64, "scale", []int{1, 2}, 1, 1), bind(t, g, tensor.Float64, "shift", []int{1, 2}, 0, 0)
	y, _, _, op, err := G.BatchNorm(x, scale, shift, 0.9, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	return x, G.Must(G.Sum(G.Must(G.HadamardProd(y, bind(t, g, tensor.Float64, "w", []int{3, 2}, 1, 2, 3, 4, 5, 7))))), op
}

// TestBatchNormGradientAlone: an operator with state runs wherever its gradient
// does. The numbers are differences of the loss.
func TestBatchNormGradientAlone(t *testing.T) {
	x, loss, _ := batchNorm(t)
	d := gradient(t, loss, x)[0]
	got := slices.Clone(numbers(run(t, x.Graph(), d).Value(d)))
	y, other, _ := batchNorm(t)
	m := run(t, y.Graph(), other)
	values := slices.Clone(numbers(y.Value()))
	for i := range values {
		var l [2]float64
		for side, h := range []float64{-1e-4, 1e-4} {
			moved := slices.Clone(values)
			moved[i] += h
			if err := G.Let(y, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(moved))); err != nil {
				t.Fatal(err)
			}
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			l[side] = numbers(m.Value(other))[0]
		}
		if slope := (l[1] - l[0]) / 2e-4; !(math.Abs(got[i]-slope) <= 1e-5) {
			t.Errorf("gradient %d is %v, the loss's slope %v", i, got[i], slope)
		}
	}
}

// TestBatchNormStatistics are those of TapeMachine after as many batches.
func TestBatchNormStatistics(t *testing.T) {
	x, _, ours := batchNorm(t)
	m := run(t, x.Graph())
	z, _, theirs := batchNorm(t)
	tape := G.NewTapeMachine(z.Graph())
	for batch := range 3 {
		if batch > 0 {
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
		}
		if err := tape.RunAll(); err != nil {
			t.Fatal(err)
		}
		tape.Reset()
		mean, variance := ours.Stats()
		wantMean, wantVariance := theirs.Stats()
		equal(t, "running mean", numbers(mean), numbers(wantMean))
		equal(t, "running variance", numbers(variance), numbers(wantVariance))
	}
}

// TestRandomNodes are drawn in every run.
func TestRandomNodes(t *testing.T) {
	g := G.NewGraph()
	for _, n := range []*G.Node{G.UniformRandomNode(g, tensor.Float64, 0, 1, 8), G.GaussianRandomNode(g, tensor.Float64, 0, 1, 8)} {
		total := G.Must(G.Sum(n))
		m := run(t, g, n, total)
		before := numbers(m.Value(n))
		for range 3 {
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			now := numbers(m.Value(n))
			if same(before, now) {
				t.Errorf("%v: the same draw in two runs: %v", n, now)
			}
			sum := 0.0
			for _, v := range now {
				sum += v
			}
			if d := math.Abs(numbers(m.Value(total))[0] - sum); d > 1e-12 {
				t.Errorf("%v: its sum in the graph is of another draw, %v off", n, d)
			}
			before = now
		}
	}
}
