package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// NEON's tiles of every height and width, one or two of them, with A as stored and
// transposed, compute the twins' bits and touch no other memory.
func TestEveryNEONTile(t *testing.T) {
	if !has.NEON || !fused.Exact {
		t.Skip("there is nothing to compare")
	}
	t.Run("float32", everyNEONTile[float32])
	t.Run("float64", everyNEONTile[float64])
}

func everyNEONTile[F Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 6 * stripCols[F]() * 16 {
		var g kerneltest.Guard
		rows, cols, bits := 1+n%6, 1+n/6%stripCols[F](), n/6/stripCols[F]()
		s := tileShape[F]{k: 1 + rng.IntN(11), ldb: stripCols[F](), ldc: cols + rng.IntN(3), cols: cols, load: bits&1 != 0, relu: bits&2 != 0}
		count := 1 + rng.IntN(2)
		s.rs, s.cs = s.k+rng.IntN(3), 1
		s.step = s.rs
		if bits&4 != 0 {
			s.rs, s.cs, s.step = 1, rows*count+rng.IntN(3), 1
		}
		lenA := (rows*count-1)*s.rs + (s.k-1)*s.cs + 1
		a, b := kerneltest.Matrix[F](t, &g, rng, 1, lenA, lenA, false), kerneltest.Matrix[F](t, &g, rng, s.k, stripCols[F](), stripCols[F](), false)
		var bias []F
		if bits&8 != 0 {
			bias = kerneltest.Matrix[F](t, &g, rng, 1, cols, cols, false)
		}
		c := kerneltest.Matrix[F](t, &g, rng, rows*count, cols, s.ldc, false)
		want := append([]F(nil), c...)
		s.tiles(rows, count, c, a, b, bias)
		with(cpu.Features{}, func() { s.tiles(rows, count, want, a, b, bias) })
		kerneltest.SameBits(t, fmt.Sprintf("%d x %d rows, %+v", count, rows, s), c, want)
		g.Release(t)
	}
}
