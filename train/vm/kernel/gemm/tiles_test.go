package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// Tiles of AVX-512 of every height and width compute AVX2's bits, and touch no
// other memory; where A's rows share a set of the cache too, and where they add
// to C or find B packed. Without such a CPU .ci/avx512 runs this.
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
		widths := []int{1, cols, cols + 3, 2 * cols, 3*cols + 1}
		if m <= 6 {
			widths = append(widths, 4*cols-1, 8*cols-2) // few rows have tiles of four and eight vectors
		}
		for _, n := range widths {
			for _, stride := range []int{0, 1024} {
				for _, s := range []Shape{{}, {Onto: true}, {TransB: true}, {TransB: true, Onto: true}} {
					s.M, s.N, s.K, s.StrideA = m, n, 5, stride
					sameAsAVX2[F](t, rng, s)
				}
			}
		}
	}
}

// sameAsAVX2 compares one product, and one with B kept, then packed, with AVX2's.
func sameAsAVX2[F Float](t *testing.T, rng *rand.Rand, s Shape) {
	p, err := New[F](s)
	if err != nil {
		t.Fatal(err)
	}
	var g kerneltest.Guard
	a := kerneltest.Matrix[F](t, &g, rng, s.M, s.K, p.StrideA, false)
	b := kerneltest.Matrix[F](t, &g, rng, s.K, s.N, p.StrideB, s.TransB)
	c := kerneltest.Matrix[F](t, &g, rng, s.M, s.N, s.N, false)
	before, want := append([]F(nil), c...), append([]F(nil), c...)
	work, kept := kerneltest.Floats[F](t, &g, p.WorkspaceLen()), kerneltest.Floats[F](t, &g, p.KeptLen())
	with(cpu.Features{AVX2: true}, func() { p.Run(work, want, a, b, nil, 0, s.M, 0, s.N) })
	p.Run(work, c, a, b, nil, 0, s.M, 0, s.N)
	kerneltest.SameBits(t, fmt.Sprintf("%+v", p.Shape), c, want)
	for _, packed := range []bool{false, true} {
		copy(c, before)
		p.RunKept(kept, packed, work, c, a, b, nil, 0, s.M, 0, s.N)
		kerneltest.SameBits(t, fmt.Sprintf("%+v, B packed: %v", p.Shape, packed), c, want)
	}
	g.Release(t)
}
