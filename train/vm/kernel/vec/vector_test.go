package vec

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// special are the numbers at which functions go wrong.
var special = []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -0.5, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-39, 88.5, 89.5, -87.5, -88.5, -103.5, -104.5}

// draw fills x with numbers of all sizes, and special ones.
func draw(rng *rand.Rand, x []float32) []float32 {
	for i := range x {
		switch rng.IntN(8) {
		case 0:
			x[i] = special[rng.IntN(len(special))]
		case 1:
			x[i] = float32(rng.NormFloat64() * math.Exp(20*rng.NormFloat64()))
		default:
			x[i] = float32(rng.NormFloat64())
		}
	}
	return x
}

// ulps is how far x is from what want rounds to, in units in the last place of
// want.
func ulps(x float32, want float64) float64 {
	rounded := float32(want)
	switch {
	case x == rounded || x != x && want != want:
		return 0
	case x != x || want != want || math.IsInf(float64(x), 0) != math.IsInf(float64(rounded), 0):
		return math.Inf(1)
	}
	_, exponent := math.Frexp(want)
	return math.Abs(float64(x)-want) / math.Ldexp(1, max(exponent-24, -149))
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// elementwise are the functions of one or two vectors and a scalar, what they
// compute, and by how many ulps they may be wrong: 0.5 is correctly rounded.
var elementwise = []struct {
	name  string
	run   func(dst, a, b []float32, s float32)
	exact func(a, b, s float64) float64
	ulps  float64
}{
	{"Add", func(d, a, b []float32, _ float32) { Add(d, a, b) }, func(a, b, _ float64) float64 { return a + b }, 0.5},
	{"Sub", func(d, a, b []float32, _ float32) { Sub(d, a, b) }, func(a, b, _ float64) float64 { return a - b }, 0.5},
	{"Mul", func(d, a, b []float32, _ float32) { Mul(d, a, b) }, func(a, b, _ float64) float64 { return a * b }, 0.5},
	{"Div", func(d, a, b []float32, _ float32) { Div(d, a, b) }, func(a, b, _ float64) float64 { return a / b }, 0.5},
	{"AddScalar", func(d, a, _ []float32, s float32) { AddScalar(d, a, s) }, func(a, _, s float64) float64 { return a + s }, 0.5},
	{"MulScalar", func(d, a, _ []float32, s float32) { MulScalar(d, a, s) }, func(a, _, s float64) float64 { return a * s }, 0.5},
	{"SubFrom", func(d, a, _ []float32, s float32) { SubFrom(d, a, s) }, func(a, _, s float64) float64 { return s - a }, 0.5},
	{"SubScalar", func(d, a, _ []float32, s float32) { SubScalar(d, a, s) }, func(a, _, s float64) float64 { return a - s }, 0.5},
	{"DivScalar", func(d, a, _ []float32, s float32) { DivScalar(d, a, s) }, func(a, _, s float64) float64 { return a / s }, 0.5},
	{"DivInto", func(d, a, _ []float32, s float32) { DivInto(d, a, s) }, func(a, _, s float64) float64 { return s / a }, 0.5},
	{"Inverse", func(d, a, _ []float32, _ float32) { Inverse(d, a) }, func(a, _, _ float64) float64 { return 1 / a }, 0.5},
	{"Neg", func(d, a, _ []float32, _ float32) { Neg(d, a) }, func(a, _, _ float64) float64 { return -a }, 0.5},
	{"Abs", func(d, a, _ []float32, _ float32) { Abs(d, a) }, func(a, _, _ float64) float64 { return math.Abs(a) }, 0.5},
	{"Square", func(d, a, _ []float32, _ float32) { Square(d, a) }, func(a, _, _ float64) float64 { return a * a }, 0.5},
	{"Cube", func(d, a, _ []float32, _ float32) { Cube(d, a) }, func(a, _, _ float64) float64 { return float64(float32(a*a)) * a }, 0.5},
	{"Sqrt", func(d, a, _ []float32, _ float32) { Sqrt(d, a) }, func(a, _, _ float64) float64 { return math.Sqrt(a) }, 0.5},
	{"Exp", func(d, a, _ []float32, _ float32) { Exp(d, a) }, func(a, _, _ float64) float64 { return math.Exp(a) }, 1.02},
	{"Sigmoid", func(d, a, _ []float32, _ float32) { Sigmoid(d, a) }, func(a, _, _ float64) float64 { return 1 / (1 + math.Exp(-a)) }, 1.66},
	{"Tanh", func(d, a, _ []float32, _ float32) { Tanh(d, a) }, func(a, _, _ float64) float64 { return math.Tanh(a) }, 1.47},
	{"ReLU", func(d, a, _ []float32, _ float32) { ReLU(d, a) }, func(a, _, _ float64) float64 { return a * bit(a >= 0) }, 0},
	{"ReLUGrad", func(d, a, b []float32, _ float32) { ReLUGrad(d, a, b) }, func(a, b, _ float64) float64 { return b * bit(!math.Signbit(a)) }, 0},
	{"Log", func(d, a, _ []float32, _ float32) { Log(d, a) }, func(a, _, _ float64) float64 { return math.Log(a) }, 0.51},
	{"Log1p", func(d, a, _ []float32, _ float32) { Log1p(d, a) }, func(a, _, _ float64) float64 { return math.Log1p(a) }, 0.51},
	{"Softplus", func(d, a, _ []float32, _ float32) { Softplus(d, a) }, func(a, _, _ float64) float64 { return max(a, 0) + math.Log1p(math.Exp(-math.Abs(a))) }, 1.6},
	{"GreaterEqual", func(d, a, b []float32, _ float32) { GreaterEqual(d, a, b) }, func(a, b, _ float64) float64 { return bit(a >= b) }, 0},
	{"Greater", func(d, a, b []float32, _ float32) { Greater(d, a, b) }, func(a, b, _ float64) float64 { return bit(a > b) }, 0},
	{"LessEqual", func(d, a, b []float32, _ float32) { LessEqual(d, a, b) }, func(a, b, _ float64) float64 { return bit(a <= b) }, 0},
	{"Less", func(d, a, b []float32, _ float32) { Less(d, a, b) }, func(a, b, _ float64) float64 { return bit(a < b) }, 0},
	{"Equal", func(d, a, b []float32, _ float32) { Equal(d, a, b) }, func(a, b, _ float64) float64 { return bit(a == b) }, 0},
	{"NotEqual", func(d, a, b []float32, _ float32) { NotEqual(d, a, b) }, func(a, b, _ float64) float64 { return bit(a != b) }, 0},
	{"EqualScalar", func(d, a, _ []float32, s float32) { EqualScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a == s) }, 0},
	{"NotEqualScalar", func(d, a, _ []float32, s float32) { NotEqualScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a != s) }, 0},
	{"GreaterEqualScalar", func(d, a, _ []float32, s float32) { GreaterEqualScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a >= s) }, 0},
	{"GreaterScalar", func(d, a, _ []float32, s float32) { GreaterScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a > s) }, 0},
	{"LessEqualScalar", func(d, a, _ []float32, s float32) { LessEqualScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a <= s) }, 0},
	{"LessScalar", func(d, a, _ []float32, s float32) { LessScalar(d, a, s) }, func(a, _, s float64) float64 { return bit(a < s) }, 0},
}

func TestElementwise(t *testing.T) {
	for _, f := range elementwise {
		t.Run(f.name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
				n := rapid.IntRange(0, 150).Draw(r, "n")
				var g kerneltest.Guard
				a, b, dst := draw(rng, g.Floats(r, n)), draw(rng, g.Floats(r, n)), g.Floats(r, n)
				s := draw(rng, make([]float32, 1))[0]
				f.run(dst, a, b, s)
				for i, v := range dst {
					want := f.exact(float64(a[i]), float64(b[i]), float64(s))
					if d := ulps(v, want); d > f.ulps {
						r.Fatalf("[%d] of %v, %v and %v is %v, want %v: %v ulps", i, a[i], b[i], s, v, want, d)
					}
				}
				twin := append([]float32(nil), dst...)
				withTwins(func() { f.run(twin, a, b, s) })
				kerneltest.SameBits(r, "by the twin", twin, dst)
				inPlace := append([]float32(nil), a...)
				f.run(inPlace, inPlace, b, s)
				kerneltest.SameBits(r, "in place of a", inPlace, dst)
				inPlace = append(inPlace[:0], b...)
				f.run(inPlace, a, inPlace, s)
				kerneltest.SameBits(r, "in place of b", inPlace, dst)
				g.Release(r)
			})
		})
	}
}

// The gradient by the output rounds more than once: finite numbers, compared
// with the sum of the sizes of their terms.
func TestTanhGrad(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		n := rapid.IntRange(0, 150).Draw(r, "n")
		var g kerneltest.Guard
		y, dy, dst := g.Floats(r, n), g.Floats(r, n), g.Floats(r, n)
		copy(y, kerneltest.Random[float32](rng, n))
		copy(dy, kerneltest.Random[float32](rng, n))
		check := func(name string, exact func(y float64) float64) {
			for i, v := range dst {
				if want := float64(dy[i]) * exact(float64(y[i])); !(math.Abs(float64(v)-want) <= 2e-7*(math.Abs(float64(dy[i]))*(1+float64(y[i]*y[i])))) {
					r.Fatalf("%s of %v, %v is %v, want %v", name, y[i], dy[i], v, want)
				}
			}
		}
		TanhGrad(dst, y, dy)
		check("TanhGrad", func(y float64) float64 { return 1 - y*y })
		twin := append([]float32(nil), dst...)
		withTwins(func() { TanhGrad(twin, y, dy) })
		kerneltest.SameBits(r, "by the twin", twin, dst)
		inPlace := append([]float32(nil), dy...)
		TanhGrad(inPlace, y, inPlace)
		kerneltest.SameBits(r, "TanhGrad in place", inPlace, dst)
		g.Release(r)
	})
}

// The slope of a sigmoid is right where the sigmoid itself is 1: at 15, 20 and 80.
func TestSigmoidGrad(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		n := rapid.IntRange(0, 150).Draw(r, "n")
		var g kerneltest.Guard
		x, dy, dst := g.Floats(r, n), g.Floats(r, n), g.Floats(r, n)
		for i := range x {
			x[i], dy[i] = float32(170*rng.Float64()-85), float32(rng.NormFloat64())
		}
		SigmoidGrad(dst, x, dy)
		twin := append([]float32(nil), dst...)
		withTwins(func() { SigmoidGrad(twin, x, dy) })
		kerneltest.SameBits(r, "by the twin", twin, dst)
		for i, v := range dst {
			e := math.Exp(-math.Abs(float64(x[i])))
			if d := ulps(v, e/(1+e)/(1+e)*float64(dy[i])); d > 5 {
				r.Fatalf("SigmoidGrad of %v, %v is %v: %v ulps", x[i], dy[i], v, d)
			}
		}
		g.Release(r)
	})
	dst, one := []float32{0}, []float32{1}
	if SigmoidGrad(dst, []float32{15}, one); !(math.Abs(float64(dst[0])-3.059022e-7) <= 1e-12) {
		t.Errorf("slope at 15: %v", dst[0])
	}
}
