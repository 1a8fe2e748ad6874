package vm_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/train/vm"
)

// TestRectifierOfSpecialNumbers: the rectifier is x(x >= 0), as Gorgonia builds
// it, and its gradient dy(x >= 0), to the last special number; only a zero may
// have the other sign.
func TestRectifierOfSpecialNumbers(t *testing.T) {
	inf, nan, minus := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	x := []float64{2, 0, minus, -3, inf, -inf, nan, -3, -3, 1}
	dy := []float64{5, 5, 5, 5, 5, 5, 5, nan, inf, nan}
	relu := []float64{2, 0, 0, minus, inf, nan, nan, minus, minus, 1}
	slope := []float64{5, 5, 5, 0, 5, 0, 0, nan, nan, nan}
	for dtype := range both {
		g := G.NewGraph()
		node := func(name string, values []float64) *G.Node {
			v, err := valueOf(dtype, values, []int{len(values)})
			if err != nil {
				t.Fatal(err)
			}
			return G.NewVector(g, dtype, G.WithShape(len(values)), G.WithName(name), G.WithValue(v))
		}
		in := node("x", x)
		y := G.Must(G.Rectify(in))
		d, err := G.Grad(G.Must(G.Sum(G.Must(G.HadamardProd(y, node("dy", dy))))), in)
		if err != nil {
			t.Fatal(err)
		}
		m, err := vm.New(g, vm.Config{Workers: 1, Results: G.Nodes{y, d[0]}, Verify: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, got := range numbers(m.Value(y)) {
			if got != relu[i] && !(math.IsNaN(got) && math.IsNaN(relu[i])) {
				t.Errorf("%v: relu(%v) = %v, want %v", dtype, x[i], got, relu[i])
			}
		}
		for i, got := range numbers(m.Value(d[0])) {
			if got != slope[i] && !(math.IsNaN(got) && math.IsNaN(slope[i])) {
				t.Errorf("%v: the gradient of relu at %v of %v is %v, want %v", dtype, x[i], dy[i], got, slope[i])
			}
		}
	}
}

// TestSaturatedSigmoid: the slope is right where the sigmoid itself is 1.
func TestSaturatedSigmoid(t *testing.T) {
	for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-14, tensor.Float32: 1e-6} {
		for _, x := range []float64{0, 1, 8, 15, 18, 30, 60, -15, -60} {
			g := G.NewGraph()
			v, err := valueOf(dtype, []float64{x, x}, []int{2})
			if err != nil {
				t.Fatal(err)
			}
			in := G.NewVector(g, dtype, G.WithShape(2), G.WithName("x"), G.WithValue(v))
			d, err := G.Grad(G.Must(G.Sum(G.Must(G.Sigmoid(in)))), in)
			if err != nil {
				t.Fatal(err)
			}
			m, err := vm.New(g, vm.Config{Workers: 1, Results: d})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			e := math.Exp(-math.Abs(x))
			want := e / ((1 + e) * (1 + e))
			if got := numbers(m.Value(d[0]))[0]; !(math.Abs(got/want-1) <= tolerance) {
				t.Errorf("%v: slope of the sigmoid at %v is %v, want %v", dtype, x, got, want)
			}
		}
	}
}

// TestInfinityBeforeAPool: where a convolution in float32 rectifies and pools in
// one go, it pools first, and so -Inf, of which x(x >= 0) is NaN, counts as any
// other negative number. Without that pass it is NaN.
func TestInfinityBeforeAPool(t *testing.T) {
	for dtype := range both {
		for _, skip := range [][]string{nil, {"convolutions"}} {
			g := G.NewGraph()
			x := bind(t, g, dtype, "x", []int{1, 1, 2, 2}, -1, -2, -3, math.Inf(-1))
			y := G.Must(ops.Conv2D(x, bind(t, g, dtype, "w", []int{1, 1, 1, 1}, 1), [2]int{1, 1}, [2]int{}))
			y = G.Must(ops.AddBias(y, bind(t, g, dtype, "b", []int{1}, 0)))
			y = G.Must(ops.MaxPool(G.Must(G.Rectify(y)), [2]int{2, 2}, [2]int{2, 2}))
			m, err := vm.New(g, vm.Config{Results: G.Nodes{y}, Skip: skip})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			fused := dtype == tensor.Float32 && skip == nil
			if got := numbers(m.Value(y))[0]; fused && got != 0 || !fused && !math.IsNaN(got) {
				t.Errorf("%v without %v: %v", dtype, skip, got)
			}
		}
	}
}
