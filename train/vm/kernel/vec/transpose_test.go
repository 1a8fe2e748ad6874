package vec

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

func TestTranspose(t *testing.T) {
	t.Run("float32", func(t *testing.T) { rapid.Check(t, checkTranspose[float32]) })
	t.Run("float64", func(t *testing.T) { rapid.Check(t, checkTranspose[float64]) })
}

func checkTranspose[F Float](r *rapid.T) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	rows, cols := rapid.IntRange(1, 40).Draw(r, "rows"), rapid.IntRange(1, 40).Draw(r, "cols")
	srcStep, dstStep := cols+rapid.IntRange(0, 5).Draw(r, "gap"), rows+rapid.IntRange(0, 5).Draw(r, "gap")
	var g kerneltest.Guard
	src := kerneltest.Matrix[F](r, &g, rng, rows, cols, srcStep, false)
	dst := kerneltest.Floats[F](r, &g, (cols-1)*dstStep+rows)
	Transpose(dst, dstStep, src, srcStep, rows, cols)
	for j := range cols {
		for i := range rows {
			if dst[j*dstStep+i] != src[i*srcStep+j] {
				r.Fatalf("[%d, %d] is %v, want %v", j, i, dst[j*dstStep+i], src[i*srcStep+j])
			}
		}
		kerneltest.Untouched(r, "between rows", dst[j*dstStep+rows:min((j+1)*dstStep, len(dst))])
	}
	g.Release(r)
}
