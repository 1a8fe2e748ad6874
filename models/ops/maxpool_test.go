package ops_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

var nan, lowest = math.NaN(), math.Inf(-1)

// pooled runs a max-pool and its gradient of all ones on Gorgonia's own machine,
// where a panic would end the process.
func pooled(t *testing.T, dtype tensor.Dtype, x array, size, stride [2]int) (y, dx []float64) {
	t.Helper()
	s := sample{
		params: []array{x},
		node:   func(p G.Nodes) (*G.Node, error) { return ops.MaxPool(p[0], size, stride) },
		out:    naivePool(x, size, stride, func([]float64) float64 { return 1 }),
	}
	y, grads, err := s.evaluate(dtype)
	if err != nil {
		t.Fatal(err)
	}
	return y, grads[0]
}

func TestMaxPoolOfNaNInfinityAndTies(t *testing.T) {
	for _, c := range []struct {
		x     []float64 // (1, 1, 2, 2), one window
		y     float64
		first int // where the gradient goes
	}{
		{[]float64{nan, nan, nan, nan}, nan, 0},
		{[]float64{1, nan, 2, nan}, nan, 1},
		{[]float64{math.Inf(1), 5, nan, 9}, nan, 2},
		{[]float64{1, 2, 3, nan}, nan, 3},
		{[]float64{lowest, lowest, lowest, lowest}, lowest, 0},
		{[]float64{lowest, lowest, -1e30, lowest}, -1e30, 2},
		{[]float64{lowest, nan, lowest, lowest}, nan, 1},
		{[]float64{7, 7, 7, 7}, 7, 0},
		{[]float64{1, 7, 7, 0}, 7, 1},
		{[]float64{math.Copysign(0, -1), 0, 0, 0}, 0, 0}, // -0 equals 0
	} {
		for _, dtype := range floats {
			y, dx := pooled(t, dtype, array{[]int{1, 1, 2, 2}, c.x}, twice, twice)
			want := make([]float64, 4)
			want[c.first] = 1
			if apart(y, []float64{c.y}) > 1e-7 || apart(dx, want) > 0 {
				t.Errorf("%v of %v: %v with gradient %v, want %v with %v", dtype, c.x, y, dx, c.y, want)
			}
			picked := do(t, ops.MaxPoolPickOp{Pool: pool}, array{[]int{1, 1, 2, 2}, c.x}.dense(dtype), array{[]int{1, 1, 2, 2}, []float64{10, 11, 12, 13}}.dense(dtype))
			if got := read(picked)[0]; got != float64(10+c.first) {
				t.Errorf("%v of %v: picked from %v, want from %d", dtype, c.x, got-10, c.first)
			}
		}
	}
}

// Windows of 2x2 every 1: the middle of a 3x3 image lies in all four.
func TestMaxPoolOfOverlappingWindows(t *testing.T) {
	x := array{[]int{1, 1, 3, 3}, []float64{
		1, 2, 3,
		4, nan, 5,
		6, 7, 8,
	}}
	y, dx := pooled(t, tensor.Float64, x, twice, once)
	if apart(y, []float64{nan, nan, nan, nan}) > 0 || apart(dx, []float64{0, 0, 0, 0, 4, 0, 0, 0, 0}) > 0 {
		t.Errorf("around a NaN: %v with gradient %v", y, dx)
	}
	x.data[4] = 0
	y, dx = pooled(t, tensor.Float64, x, twice, once)
	if apart(y, []float64{4, 5, 7, 8}) > 0 || apart(dx, []float64{0, 0, 0, 1, 0, 1, 0, 1, 1}) > 0 {
		t.Errorf("around a zero: %v with gradient %v", y, dx)
	}
}
