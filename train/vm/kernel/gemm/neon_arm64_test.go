//go:build !purego

package gemm

import (
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// NEON's tiles compute the twin's bits and touch no other memory, whatever strides
// A and C have, whether it adds to C or not.
func TestNEON(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		var g kerneltest.Guard
		s := tileShape[float32]{k: 1 + rng.IntN(60), ldb: 16 + rng.IntN(2)*5, ldc: 16 + rng.IntN(9), cols: 16, load: n%2 == 0, relu: n%3 == 0}
		s.rs, s.cs = s.k+rng.IntN(5), 1
		lenA := 5*s.rs + s.k
		if n%4 < 2 {
			s.rs, s.cs = 1, 6+rng.IntN(5)
			lenA = (s.k-1)*s.cs + 6
		}
		a, b := kerneltest.Matrix[float32](t, &g, rng, 1, lenA, lenA, false), kerneltest.Matrix[float32](t, &g, rng, s.k, 16, s.ldb, false)
		bias, before := kerneltest.Random[float32](rng, 16), kerneltest.Random[float32](rng, 5*s.ldc+16)
		c, want := kerneltest.Floats[float32](t, &g, len(before)), append([]float32(nil), before...)
		copy(c, before)
		if !s.neon(6, append([]float32(nil), c...), a, b) {
			t.Fatal("the tile was not chosen")
		}
		s.tileGo(6, c, a, b, bias)
		with(cpu.Features{}, func() { s.tileGo(6, want, a, b, bias) })
		kerneltest.SameBits(t, "C", c, want)
		g.Release(t)
	}
}
