package vec

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// Every rule, written out in float64 for one weight.
var rules = []struct {
	name  string
	run   func(w, s, q, g []float32)
	exact func(w, s, q, g float64) (float64, float64, float64)
}{
	{"SGD", func(w, _, _, g []float32) { SGD(w, g, 0.1) },
		func(w, s, q, g float64) (float64, float64, float64) { return w - 0.1*g, s, q }},
	{"Momentum", func(w, s, _, g []float32) { Momentum(w, s, g, 0.1, 0.9) },
		func(w, s, q, g float64) (float64, float64, float64) {
			s = 0.9*s + g
			return w - 0.1*s, s, q
		}},
	{"Nesterov", func(w, s, _, g []float32) { Nesterov(w, s, g, 0.1, 0.9) },
		func(w, s, q, g float64) (float64, float64, float64) {
			s = 0.9*s + g
			return w - 0.1*(g+0.9*s), s, q
		}},
	{"RMSProp", func(w, _, q, g []float32) { RMSProp(w, q, g, 0.01, 0.9, 1e-8) },
		func(w, s, q, g float64) (float64, float64, float64) {
			q = 0.9*q + 0.1*g*g
			return w - 0.01*g/(math.Sqrt(q)+1e-8), s, q
		}},
	{"Adam", func(w, s, q, g []float32) { NewAdamStep(0.01, 0.9, 0.999, 1e-8, 0, 3).Update(w, s, q, g) },
		adamW(0)},
	{"AdamW", func(w, s, q, g []float32) { NewAdamStep(0.01, 0.9, 0.999, 1e-8, 0.2, 3).Update(w, s, q, g) },
		adamW(0.2)},
}

// adamW is step 3 with the corrections where the papers have them.
func adamW(decay float64) func(w, s, q, g float64) (float64, float64, float64) {
	return func(w, s, q, g float64) (float64, float64, float64) {
		s, q = 0.9*s+0.1*g, 0.999*q+0.001*g*g
		m, v := s/(1-math.Pow(0.9, 3)), q/(1-math.Pow(0.999, 3))
		return w - 0.01*decay*w - 0.01*m/(math.Sqrt(v)+1e-8), s, q
	}
}

func TestOptimizers(t *testing.T) {
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
				n := rapid.IntRange(0, 100).Draw(r, "n")
				var guarded kerneltest.Guard
				array := func() []float32 {
					x := guarded.Floats(r, n)
					copy(x, kerneltest.Random[float32](rng, n))
					return x
				}
				w, s, q, g := array(), array(), array(), array()
				Square(q, q)
				var wants [3][]float64
				for i := range w {
					a, b, c := rule.exact(float64(w[i]), float64(s[i]), float64(q[i]), float64(g[i]))
					wants[0], wants[1], wants[2] = append(wants[0], a), append(wants[1], b), append(wants[2], c)
				}
				w2, s2, q2 := slices.Clone(w), slices.Clone(s), slices.Clone(q)
				withTwins(func() { rule.run(w2, s2, q2, g) })
				rule.run(w, s, q, g)
				kerneltest.SameBits(r, "w by the twin", w2, w)
				kerneltest.SameBits(r, "first state by the twin", s2, s)
				kerneltest.SameBits(r, "second state by the twin", q2, q)
				kerneltest.Close(r, "w", w, wants[0], 1)
				kerneltest.Close(r, "first state", s, wants[1], 1)
				kerneltest.Close(r, "second state", q, wants[2], 1)
				guarded.Release(r)
			})
		})
	}
}
