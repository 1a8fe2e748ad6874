package vec

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

func TestProducts32(t *testing.T) { rapid.Check(t, func(r *rapid.T) { products[float32](r, 1e-6) }) }
func TestProducts64(t *testing.T) { rapid.Check(t, func(r *rapid.T) { products[float64](r, 1e-15) }) }

// products compares with sums written out, and with the twins bit for bit, on
// shapes with all kinds of remainders; infinities and NaN among the numbers count.
func products[F kerneltest.Float](r *rapid.T, epsilon float64) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	m, n := rapid.IntRange(0, 70).Draw(r, "m"), rapid.IntRange(0, 150).Draw(r, "n")
	from := rapid.IntRange(0, n).Draw(r, "from")
	var g kerneltest.Guard
	a := kerneltest.Matrix[F](r, &g, rng, m, n, n, false)
	row, column := kerneltest.Matrix[F](r, &g, rng, 1, n, n, false), kerneltest.Matrix[F](r, &g, rng, 1, m, m, false)
	if m*n > 0 && rapid.IntRange(0, 3).Draw(r, "special") == 0 {
		a[rng.IntN(m*n)] = F(math.Inf(1))
		row[rng.IntN(n)], column[rng.IntN(m)] = 0, F(math.NaN())
	}
	if rapid.IntRange(0, 3).Draw(r, "products of -0") == 0 {
		tiny := F(1)
		for tiny*tiny > 0 {
			tiny /= 2
		}
		for _, x := range [][]F{row, column} {
			for i := range x {
				x[i] = tiny
			}
		}
		for i := range a {
			a[i] = -tiny
		}
	}
	byRow, byColumn, outer := kerneltest.Floats[F](r, &g, m), kerneltest.Floats[F](r, &g, n-from), kerneltest.Floats[F](r, &g, m*n)
	run := func() {
		MatVec(byRow, a, row)
		VecMat(byColumn, column, a[min(from, len(a)):], n)
		Outer(outer, column, row)
	}
	run()
	check := func(what string, got F, want, size float64) {
		if d := math.Abs(float64(got) - want); !(d <= epsilon*size) && !(math.IsNaN(want) && got != got) && float64(got) != want {
			r.Fatalf("%s of %d x %d: %v, want %v", what, m, n, got, want)
		}
	}
	for i := range m {
		sum, size := 0.0, 1.0
		for j := range n {
			term := float64(a[i*n+j]) * float64(row[j])
			sum, size = sum+term, size+math.Abs(term)
			check("outer", outer[i*n+j], float64(F(column[i]*row[j])), 0)
		}
		check("matrix by vector", byRow[i], sum, size)
	}
	for j := range n - from {
		sum, size := 0.0, 1.0
		for i := range m {
			term := float64(a[i*n+from+j]) * float64(column[i])
			sum, size = sum+term, size+math.Abs(term)
		}
		check("vector by matrix", byColumn[j], sum, size)
	}
	before := [][]F{append([]F{}, byRow...), append([]F{}, byColumn...), append([]F{}, outer...)}
	withTwins(run)
	kerneltest.SameBits(r, "matrix by vector, twin", byRow, before[0])
	kerneltest.SameBits(r, "vector by matrix, twin", byColumn, before[1])
	kerneltest.SameBits(r, "outer, twin", outer, before[2])
	g.Release(r)
}
