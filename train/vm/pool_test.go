package vm_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
	"symgrad/train/vm"
)

// TestLargestOfFour: a window's maximum, and where its gradient goes, is the first
// NaN, or else the first of the largest numbers: in every window of four special
// numbers.
func TestLargestOfFour(t *testing.T) {
	special := []float64{math.NaN(), -math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1, -1, 0x1p-140, -2}
	n := len(special)
	windows := n * n * n * n
	x, wantY, wantDx := make([]float64, 4*windows), make([]float64, windows), make([]float64, 4*windows)
	for w := range windows {
		at := [4]int{2 * w, 2*w + 1, 2*windows + 2*w, 2*windows + 2*w + 1}
		best := 0
		for k, rest := 0, w; k < 4; k, rest = k+1, rest/n {
			v := special[rest%n]
			x[at[k]] = v
			if top := x[at[best]]; v > top || v != v && top == top {
				best = k
			}
		}
		wantY[w], wantDx[at[best]] = x[at[best]], 1
	}
	for dtype := range both {
		g := G.NewGraph()
		in := bind(t, g, dtype, "x", []int{1, 1, 2, 2 * windows}, x...)
		y := G.Must(ops.MaxPool(in, [2]int{2, 2}, [2]int{2, 2}))
		dx := gradient(t, G.Must(G.Sum(y)), in)[0]
		m, err := vm.New(g, vm.Config{Results: G.Nodes{y, dx}, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, got := range numbers(m.Value(y)) {
			if got != wantY[i] && !(math.IsNaN(got) && math.IsNaN(wantY[i])) {
				t.Fatalf("%v, window %d: %v, want %v", dtype, i, got, wantY[i])
			}
		}
		for i, got := range numbers(m.Value(dx)) {
			if got != wantDx[i] {
				t.Fatalf("%v, gradient %d of %v: %v, want %v", dtype, i, x[i], got, wantDx[i])
			}
		}
	}
}
