package kerneltest

import (
	"math"
	"math/rand/v2"
)

// Random gives n normally distributed numbers.
func Random[F Float](rng *rand.Rand, n int) []F {
	x := make([]F, n)
	for i := range x {
		x[i] = F(rng.NormFloat64())
	}
	return x
}

// Matrix is guarded memory for a matrix as stored; what lies between the rows
// is the marker.
func Matrix[F Float](t T, g *Guard, rng *rand.Rand, rows, cols, stride int, trans bool) []F {
	if trans {
		rows, cols = cols, rows
	}
	if rows == 0 || cols == 0 {
		return nil
	}
	x := Floats[F](t, g, (rows-1)*stride+cols)
	for i := range rows {
		copy(x[i*stride:], Random[F](rng, cols))
	}
	return x
}

// Close compares with a float64 result: the rounding of sums of terms of order
// one grows with the root of their number.
func Close(t T, what string, got []float32, want []float64, terms int) {
	t.Helper()
	limit := 2e-6 * math.Sqrt(float64(terms)+1)
	for i := range want {
		if d := math.Abs(float64(got[i]) - want[i]); !(d <= limit*(1+math.Abs(want[i]))) {
			t.Fatalf("%s[%d] = %v, want %v (difference %.2g, limit %.2g)", what, i, got[i], want[i], d, limit)
		}
	}
}

// SameBits fails if a and b differ; any NaN is like any other.
func SameBits[F Float](t T, what string, a, b []F) {
	t.Helper()
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		if (x == x || y == y) && math.Float64bits(x) != math.Float64bits(y) {
			t.Fatalf("%s: element %d differs: %v and %v", what, i, a[i], b[i])
		}
	}
}
