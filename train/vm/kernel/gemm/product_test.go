package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/fused"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// naiveProduct is C in float64, and what its sums' magnitudes add up to.
func naiveProduct[F Float](p *Product[F], c, a, b, bias []F) (want, size []float64) {
	want, size = make([]float64, p.M*p.N), make([]float64, p.M*p.N)
	for i := range p.M {
		for j := range p.N {
			var sum, abs float64
			add := func(x float64) { sum, abs = sum+x, abs+math.Abs(x) }
			if p.Accumulate {
				add(float64(c[i*p.StrideC+j]))
			}
			if p.Onto {
				add(float64(c[i*p.StrideC+j]))
			}
			for k := range p.K {
				ai, bi := i*p.StrideA+k, k*p.StrideB+j
				if p.TransA {
					ai = k*p.StrideA + i
				}
				if p.TransB {
					bi = j*p.StrideB + k
				}
				add(float64(a[ai]) * float64(b[bi]))
			}
			if bias != nil {
				add(float64(bias[j]))
			}
			switch p.Activation {
			case ReLU:
				sum = max(sum, 0)
			case Sigmoid:
				sum = 1 / (1 + math.Exp(-sum))
			case Tanh:
				sum = math.Tanh(sum)
			}
			want[i*p.N+j], size[i*p.N+j] = sum, abs
		}
	}
	return want, size
}

func drawProduct[F Float](r *rapid.T) *Product[F] {
	size := rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(0, 200))
	s := Shape{
		M: size.Draw(r, "m"), N: size.Draw(r, "n"), K: rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(300, 1900)).Draw(r, "k"),
		TransA: rapid.Bool().Draw(r, "transA"), TransB: rapid.Bool().Draw(r, "transB"), Accumulate: rapid.Bool().Draw(r, "accumulate"),
		Activation: Activation(rapid.IntRange(0, 3).Draw(r, "activation")),
	}
	if s.K <= MostOnto && !s.Accumulate {
		s.Onto = rapid.Bool().Draw(r, "onto")
	}
	p, err := New[F](s)
	if err != nil {
		r.Fatal(err)
	}
	for _, stride := range []*int{&p.StrideA, &p.StrideB, &p.StrideC} {
		*stride += rapid.IntRange(0, 9).Draw(r, "gap")
	}
	if rapid.IntRange(0, 3).Draw(r, "rows in one set of the cache") == 0 {
		p.StrideA = (p.StrideA + 1023) / 1024 * 1024
	}
	if p, err = New[F](p.Shape); err != nil {
		r.Fatal(err)
	}
	return p
}

// cuts is a random partition of [0, n).
func cuts(r *rapid.T, n int, name string) []int {
	at := []int{0}
	for at[len(at)-1] < n {
		at = append(at, at[len(at)-1]+rapid.IntRange(1, n-at[len(at)-1]).Draw(r, name))
	}
	return at
}

func TestProduct(t *testing.T) {
	t.Run("float32", func(t *testing.T) { rapid.Check(t, func(r *rapid.T) { checkProduct[float32](r, 6e-8) }) })
	t.Run("float64", func(t *testing.T) { rapid.Check(t, func(r *rapid.T) { checkProduct[float64](r, 1.2e-16) }) })
}

// checkProduct compares one product with its definition, and with itself in parts.
func checkProduct[F Float](r *rapid.T, rounding float64) {
	p := drawProduct[F](r)
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	var g kerneltest.Guard
	a := kerneltest.Matrix[F](r, &g, rng, p.M, p.K, p.StrideA, p.TransA)
	b := kerneltest.Matrix[F](r, &g, rng, p.K, p.N, p.StrideB, p.TransB)
	c := kerneltest.Matrix[F](r, &g, rng, p.M, p.N, p.StrideC, false)
	var bias []F
	if p.N > 0 && rapid.Bool().Draw(r, "bias") {
		bias = kerneltest.Matrix[F](r, &g, rng, 1, p.N, p.N, false)
	}
	if p.Onto && p.M > 0 && p.N > 0 {
		c[0] = F(math.Copysign(0, -1))
	}
	before := append([]F(nil), c...)
	want, size := naiveProduct(p, c, a, b, bias)
	work := kerneltest.Floats[F](r, &g, p.WorkspaceLen())
	p.Run(work, c, a, b, bias, 0, p.M, 0, p.N)
	for i := range p.M {
		row := c[min(i*p.StrideC, len(c)):]
		for j, v := range row[:min(p.N, len(row))] {
			at := i*p.N + j
			limit := rounding * (1 + size[at]) * (4 + math.Sqrt(float64(p.K)))
			if d := math.Abs(float64(v) - want[at]); !(d <= limit) {
				r.Fatalf("C[%d,%d] = %v, want %v", i, j, v, want[at])
			}
		}
		kerneltest.Untouched(r, "C between its rows", row[min(p.N, len(row)):min(p.StrideC, len(row))])
	}
	for _, level := range levels() {
		again := append([]F(nil), before...)
		with(level, func() { p.Run(work, again, a, b, bias, 0, p.M, 0, p.N) })
		kerneltest.SameBits(r, fmt.Sprintf("C with %+v", level), again, c)
	}
	again, next := append([]F(nil), before...), kerneltest.Random[F](rng, len(c))
	written := append([]F(nil), next...)
	p.RunBefore(next, work, again, a, b, bias, 0, p.M, 0, p.N)
	kerneltest.SameBits(r, "C before other numbers are written", again, c)
	kerneltest.SameBits(r, "the numbers written next", next, written)
	kept := kerneltest.Floats[F](r, &g, p.KeptLen())
	from := 16 * rapid.IntRange(0, p.N/16).Draw(r, "columns kept from")
	for _, packed := range []bool{false, true} {
		again := append([]F(nil), before...)
		stored := b
		if packed && (p.TransB || p.M > fewRows512) { // few rows read B where it is
			stored = make([]F, len(b))
		}
		p.RunKept(kept, packed, work, again, a, stored, bias, 0, p.M, from, p.N)
		p.RunKept(kept, packed, work, again, a, stored, bias, 0, p.M, 0, from)
		kerneltest.SameBits(r, fmt.Sprintf("C with B kept, packed: %v", packed), again, c)
	}
	if p.Onto && p.Activation == NoActivation && bias == nil {
		shape, sum := p.Shape, append([]F(nil), c...)
		shape.Onto = false
		alone, err := New[F](shape)
		if err != nil {
			r.Fatal(err)
		}
		alone.Run(work, sum, a, b, nil, 0, p.M, 0, p.N)
		for i := range p.M {
			for j := range p.N {
				sum[i*p.StrideC+j] += before[i*p.StrideC+j]
			}
		}
		kerneltest.SameBits(r, "a product and an addition", sum, c)
	}
	parts := append([]F(nil), before...)
	rows, cols := cuts(r, p.M, "row cut"), cuts(r, p.N, "column cut")
	for i := range rows[1:] {
		for j := range cols[1:] {
			p.Run(work, parts, a, b, bias, rows[i], rows[i+1], cols[j], cols[j+1])
		}
	}
	kerneltest.SameBits(r, "C in parts", parts, c)
	g.Release(r)
}

// levels are the lesser features.
func levels() (all []cpu.Features) {
	if has.AVX512 {
		all = append(all, cpu.Features{AVX2: true})
	}
	if (has.AVX2 || has.NEON) && fused.Exact {
		all = append(all, cpu.Features{})
	}
	return all
}

// with runs with these features.
func with(features cpu.Features, run func()) {
	defer func(before cpu.Features) { has = before }(has)
	has = features
	run()
}
