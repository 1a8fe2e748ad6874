package gemm

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// Every level of features gives the same bits of numbers that arithmetic treats
// apart, and of products too small to be normal.
func TestSpecialNumbersKeepTheBits(t *testing.T) {
	t.Run("float32", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) { checkSpecial[float32](r, math.SmallestNonzeroFloat32, 0x1p-66) })
	})
	t.Run("float64", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) { checkSpecial[float64](r, math.SmallestNonzeroFloat64, 0x1p-520) })
	})
}

func checkSpecial[F Float](r *rapid.T, smallest, scale F) {
	p := drawProduct[F](r)
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	specials := []F{F(math.NaN()), F(math.Inf(1)), F(math.Inf(-1)), F(math.Copysign(0, -1)), 0, 1, -1, smallest, 1 / scale}
	rare := rapid.SampledFrom([]int{3, 100, 10000}).Draw(r, "specials are one in")
	if !rapid.Bool().Draw(r, "tiny") {
		scale = 1
	}
	numbers := func(n int) []F {
		x := kerneltest.Random[F](rng, n)
		for i := range x {
			if x[i] *= scale; rng.IntN(rare) == 0 {
				x[i] = specials[rng.IntN(len(specials))]
			}
		}
		return x
	}
	rows := func(rows, cols, stride int, trans bool) []F {
		if trans {
			rows, cols = cols, rows
		}
		return numbers(max(rows-1, 0)*stride + cols)
	}
	a, b := rows(p.M, p.K, p.StrideA, p.TransA), rows(p.K, p.N, p.StrideB, p.TransB)
	c, bias := rows(p.M, p.N, p.StrideC, false), numbers(p.N)
	before, work := append([]F(nil), c...), make([]F, p.WorkspaceLen())
	p.Run(work, c, a, b, bias, 0, p.M, 0, p.N)
	for _, level := range levels() {
		again := append([]F(nil), before...)
		with(level, func() { p.Run(work, again, a, b, bias, 0, p.M, 0, p.N) })
		kerneltest.SameBits(r, fmt.Sprintf("C with %+v", level), again, c)
	}
}

// The bits of products, the same with assembly and twins and on every platform:
// these sums were made with AVX2.
func TestSameBitsEverywhere(t *testing.T) {
	if !fused.Exact {
		t.Skip("built with the tag loose")
	}
	sameBits[float32](t, "098ebbe15e026ef35850f1699cdaaf75")
	sameBits[float64](t, "4108be2cb1c372142feeeb0eb8fd9fff")
}

func sameBits[F Float](t *testing.T, want string) {
	rng, hash := rand.New(rand.NewPCG(3, 4)), sha256.New()
	numbers := func(n int) []F {
		x := make([]F, n)
		for i := range x {
			x[i] = F(2*rng.Float64() - 1)
		}
		return x
	}
	for n := range 40 {
		p, err := New[F](Shape{M: 1 + rng.IntN(40), N: 1 + rng.IntN(80), K: 1 + rng.IntN(700), TransA: n%2 == 0, TransB: n%3 == 0, Activation: Activation(n % 4)})
		if err != nil {
			t.Fatal(err)
		}
		a, b, bias, c := numbers(p.M*p.K), numbers(p.K*p.N), numbers(p.N), make([]F, p.M*p.N)
		p.Run(make([]F, p.WorkspaceLen()), c, a, b, bias, 0, p.M, 0, p.N)
		_ = binary.Write(hash, binary.LittleEndian, c)
	}
	if got := fmt.Sprintf("%x", hash.Sum(nil)[:16]); got != want {
		t.Errorf("sum %s, want %s", got, want)
	}
}
