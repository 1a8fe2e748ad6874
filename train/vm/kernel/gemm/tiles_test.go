package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// Tiles of AVX-512 of every height and width compute AVX2's bits, and touch no
// other memory; where A's rows share a set of the cache too.
func TestEveryTile(t *testing.T) {
	if !has.AVX512 {
		t.Skip("this CPU has no AVX-512")
	}
	t.Run("float32", everyTile[float32])
	t.Run("float64", everyTile[float64])
}

func everyTile[F Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	cols := stripCols[F]()
	for m := 1; m <= 60; m++ {
		for _, n := range []int{1, cols, cols + 3, 2 * cols, 3*cols + 1} {
			for _, stride := range []int{0, 1024} {
				s := Shape{M: m, N: n, K: 5, StrideA: stride}
				p, err := New[F](s)
				if err != nil {
					t.Fatal(err)
				}
				var g kerneltest.Guard
				a := kerneltest.Matrix[F](t, &g, rng, m, s.K, p.StrideA, false)
				b := kerneltest.Matrix[F](t, &g, rng, s.K, n, n, false)
				c, want := kerneltest.Floats[F](t, &g, m*n), make([]F, m*n)
				work := kerneltest.Floats[F](t, &g, p.WorkspaceLen())
				p.Run(work, c, a, b, nil, 0, m, 0, n)
				with(cpu.Features{AVX2: true}, func() { p.Run(work, want, a, b, nil, 0, m, 0, n) })
				kerneltest.SameBits(t, fmt.Sprintf("%d rows, %d columns, stride %d", m, n, p.StrideA), c, want)
				g.Release(t)
			}
		}
	}
}
