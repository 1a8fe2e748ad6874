package vec

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestArgmax(t *testing.T) {
	t.Run("float32", func(t *testing.T) { rapid.Check(t, checkArgmax[float32]) })
	t.Run("float64", func(t *testing.T) { rapid.Check(t, checkArgmax[float64]) })
}

func checkArgmax[F Float](r *rapid.T) {
	rows, n := rapid.IntRange(0, 9).Draw(r, "rows"), rapid.IntRange(1, 20).Draw(r, "n")
	few := rapid.SampledFrom([]F{-1, 0, F(math.Copysign(0, -1)), 1, 1, 2, F(math.NaN()), F(math.Inf(-1)), F(math.Inf(1))})
	x := rapid.SliceOfN(few, rows*n, rows*n).Draw(r, "x")
	into := slices.Repeat([]int{-7}, rows+1)
	Argmax(into[:rows], x, n)
	twin := make([]int, rows)
	withTwins(func() { Argmax(twin, x, n) })
	for i := range rows {
		want, row := 0, x[i*n:(i+1)*n]
		for j := 1; j < n; j++ {
			if row[j] > row[want] {
				want = j
			}
		}
		if into[i] != want || twin[i] != want {
			r.Fatalf("Argmax of %v is %d, by the twin %d, want %d", row, into[i], twin[i], want)
		}
	}
	if into[rows] != -7 {
		r.Fatal("Argmax wrote behind the rows")
	}
}

func BenchmarkArgmax(b *testing.B) {
	const m, n = 64, 10
	x, into := make([]float32, m*n*100), make([]int, m)
	for i := range x {
		x[i] = float32(math.Sin(float64(i)))
	}
	for at := 0; b.Loop(); at = (at + m*n) % len(x) {
		Argmax(into, x[at:at+m*n], n)
	}
}
