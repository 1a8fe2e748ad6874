package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// naiveProduct is C in float64, and what its sums' magnitudes add up to.
func naiveProduct(p *Product, c, a, b, bias []float32) (want, size []float64) {
	want, size = make([]float64, p.M*p.N), make([]float64, p.M*p.N)
	for i := range p.M {
		for j := range p.N {
			var sum, abs float64
			add := func(x float64) { sum, abs = sum+x, abs+math.Abs(x) }
			if p.Accumulate {
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
			case ReLUActivation:
				sum = max(sum, 0)
			case SigmoidActivation:
				sum = 1 / (1 + math.Exp(-sum))
			case TanhActivation:
				sum = math.Tanh(sum)
			}
			want[i*p.N+j], size[i*p.N+j] = sum, abs
		}
	}
	return want, size
}

func drawProduct(r *rapid.T) *Product {
	size := rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(0, 200))
	s := ProductShape{
		M: size.Draw(r, "m"), N: size.Draw(r, "n"), K: rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(300, 1000)).Draw(r, "k"),
		TransA: rapid.Bool().Draw(r, "transA"), TransB: rapid.Bool().Draw(r, "transB"), Accumulate: rapid.Bool().Draw(r, "accumulate"),
		Activation: Activation(rapid.IntRange(0, 3).Draw(r, "activation")),
	}
	p, err := NewProduct(s)
	if err != nil {
		r.Fatal(err)
	}
	for _, stride := range []*int{&p.StrideA, &p.StrideB, &p.StrideC} {
		*stride += rapid.IntRange(0, 9).Draw(r, "gap")
	}
	if p, err = NewProduct(p.ProductShape); err != nil {
		r.Fatal(err)
	}
	return p
}

// matrix is guarded memory for a matrix as stored; what lies between the rows
// is the marker.
func matrix(t fataler, g *guard, rng *rand.Rand, rows, cols, stride int, trans bool) []float32 {
	if trans {
		rows, cols = cols, rows
	}
	if rows == 0 || cols == 0 {
		return nil
	}
	x := g.floats(t, (rows-1)*stride+cols)
	for i := range rows {
		copy(x[i*stride:], randomFloats(rng, cols))
	}
	return x
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
	rapid.Check(t, func(r *rapid.T) {
		p := drawProduct(r)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		var g guard
		a := matrix(r, &g, rng, p.M, p.K, p.StrideA, p.TransA)
		b := matrix(r, &g, rng, p.K, p.N, p.StrideB, p.TransB)
		c := matrix(r, &g, rng, p.M, p.N, p.StrideC, false)
		var bias []float32
		if p.N > 0 && rapid.Bool().Draw(r, "bias") {
			bias = matrix(r, &g, rng, 1, p.N, p.N, false)
		}
		before := append([]float32(nil), c...)
		want, size := naiveProduct(p, c, a, b, bias)
		w := new(Workspace)
		p.Run(w, c, a, b, bias, 0, p.M, 0, p.N)
		for i := range p.M {
			row := c[min(i*p.StrideC, len(c)):]
			for j, v := range row[:min(p.N, len(row))] {
				at := i*p.N + j
				limit := 6e-8 * (1 + size[at]) * (4 + math.Sqrt(float64(p.K)))
				if d := math.Abs(float64(v) - want[at]); !(d <= limit) {
					r.Fatalf("C[%d,%d] = %v, want %v", i, j, v, want[at])
				}
			}
			untouched(r, "C between its rows", row[min(p.N, len(row)):min(p.StrideC, len(row))])
		}
		packed := g.floats(r, p.PackedLen())
		p.Pack(packed, b, 0, p.N)
		parts := append([]float32(nil), before...)
		rows, cols := cuts(r, p.M, "row cut"), cuts(r, p.N, "column cut")
		usePacked := rapid.Bool().Draw(r, "packed")
		if usePacked {
			for i := range cols[:len(cols)-1] {
				cols[i] = cols[i] / 16 * 16
			}
		}
		for i := range rows[1:] {
			for j := range cols[1:] {
				if usePacked {
					p.RunPacked(w, parts, a, packed, bias, rows[i], rows[i+1], cols[j], cols[j+1])
				} else {
					p.Run(w, parts, a, b, bias, rows[i], rows[i+1], cols[j], cols[j+1])
				}
			}
		}
		sameBits(r, "C in parts", parts, c)
		g.release(r)
	})
}
