package vec

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/cpu"
	"symgrad/train/vm/kernel/internal/kerneltest"
)

// drawDouble fills x with numbers of all sizes, and special ones.
func drawDouble(rng *rand.Rand, x []float64) []float64 {
	special := []float64{0, math.Copysign(0, -1), 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 1e-310, 0x1p-1022, 709.78, 709.79, -708.4, -745.13, -745.2, math.Sqrt2 / 2}
	for i := range x {
		switch rng.IntN(8) {
		case 0:
			x[i] = special[rng.IntN(len(special))]
		case 1:
			x[i] = rng.NormFloat64() * math.Exp(200*rng.NormFloat64())
		case 2:
			x[i] = math.Float64frombits(rng.Uint64())
		default:
			x[i] = 10 * rng.NormFloat64()
		}
	}
	return x
}

// withTwins runs what the twins shall compute.
func withTwins(run func()) {
	defer func(before cpu.Features) { has = before }(has)
	has = cpu.Features{}
	run()
}

// doubles are all functions of float64 vectors and a number.
var doubles = map[string]func(dst, x, y []float64, s float64){
	"Add": func(d, x, y []float64, _ float64) { Add(d, x, y) }, "Sub": func(d, x, y []float64, _ float64) { Sub(d, x, y) },
	"Mul": func(d, x, y []float64, _ float64) { Mul(d, x, y) }, "Div": func(d, x, y []float64, _ float64) { Div(d, x, y) },
	"AddScalar": func(d, x, _ []float64, s float64) { AddScalar(d, x, s) }, "SubScalar": func(d, x, _ []float64, s float64) { SubScalar(d, x, s) },
	"SubFrom": func(d, x, _ []float64, s float64) { SubFrom(d, x, s) }, "MulScalar": func(d, x, _ []float64, s float64) { MulScalar(d, x, s) },
	"DivScalar": func(d, x, _ []float64, s float64) { DivScalar(d, x, s) }, "DivInto": func(d, x, _ []float64, s float64) { DivInto(d, x, s) },
	"Neg": func(d, x, _ []float64, _ float64) { Neg(d, x) }, "Abs": func(d, x, _ []float64, _ float64) { Abs(d, x) },
	"Square": func(d, x, _ []float64, _ float64) { Square(d, x) }, "Cube": func(d, x, _ []float64, _ float64) { Cube(d, x) },
	"Sqrt": func(d, x, _ []float64, _ float64) { Sqrt(d, x) }, "Exp": func(d, x, _ []float64, _ float64) { Exp(d, x) },
	"Log": func(d, x, _ []float64, _ float64) { Log(d, x) }, "Sigmoid": func(d, x, _ []float64, _ float64) { Sigmoid(d, x) },
	"Tanh": func(d, x, _ []float64, _ float64) { Tanh(d, x) }, "ReLU": func(d, x, _ []float64, _ float64) { ReLU(d, x) },
	"ReLUGrad": func(d, x, y []float64, _ float64) { ReLUGrad(d, x, y) }, "SigmoidGrad": func(d, x, y []float64, _ float64) { SigmoidGrad(d, x, y) },
	"TanhGrad": func(d, x, y []float64, _ float64) { TanhGrad(d, x, y) },
	"Less":     func(d, x, y []float64, _ float64) { Less(d, x, y) }, "LessEqual": func(d, x, y []float64, _ float64) { LessEqual(d, x, y) },
	"Greater": func(d, x, y []float64, _ float64) { Greater(d, x, y) }, "GreaterEqual": func(d, x, y []float64, _ float64) { GreaterEqual(d, x, y) },
	"Equal": func(d, x, y []float64, _ float64) { Equal(d, x, y) }, "NotEqual": func(d, x, y []float64, _ float64) { NotEqual(d, x, y) },
	"LessScalar": func(d, x, _ []float64, s float64) { LessScalar(d, x, s) }, "EqualScalar": func(d, x, _ []float64, s float64) { EqualScalar(d, x, s) },
	"Log1p": func(d, x, _ []float64, _ float64) { Log1p(d, x) }, "Softplus": func(d, x, _ []float64, _ float64) { Softplus(d, x) },
	"ColumnSums": func(d, x, _ []float64, _ float64) {
		if n := len(d) / 3; n > 0 {
			ColumnSums(d[:n], x, 3, n)
		}
	},
	"Sum": func(d, x, _ []float64, _ float64) {
		if len(d) > 0 {
			d[0] = Sum(x)
		}
	},
	"Softmax": func(d, x, _ []float64, s float64) {
		if n := len(d) / 2; n > 0 {
			Softmax(d[:2*n], x[:2*n], n)
		}
	},
}

// The assembly of float64 gives the twins' bits, in place too, and writes nothing else.
func TestDoubleBits(t *testing.T) {
	for name, run := range doubles {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
				n := rapid.IntRange(0, 150).Draw(r, "n")
				var g kerneltest.Guard
				x, y, dst := drawDouble(rng, kerneltest.Floats[float64](r, &g, n)), drawDouble(rng, kerneltest.Floats[float64](r, &g, n)), kerneltest.Floats[float64](r, &g, n)
				s := drawDouble(rng, make([]float64, 1))[0]
				run(dst, x, y, s)
				twin := append([]float64(nil), dst...)
				withTwins(func() { run(twin, x, y, s) })
				kerneltest.SameBits(r, name, dst, twin)
				g.Release(r)
			})
		})
	}
}

// ulps64 is how far x is from want in units in the last place.
func ulps64(x, want float64) float64 {
	switch {
	case x == want || x != x && want != want:
		return 0
	case x != x || want != want || math.IsInf(x, 0) != math.IsInf(want, 0):
		return math.Inf(1)
	}
	_, exponent := math.Frexp(want)
	return math.Abs(x-want) / math.Ldexp(1, max(exponent-53, -1074))
}

// exactExp is math.Exp, which on amd64 is infinite from 709.7 on, where e^x is not.
func exactExp(x float64) float64 {
	if x > 700 && x < 710 {
		return math.Exp(x-16) * math.Exp(16)
	}
	return math.Exp(x)
}

// exactLog is math.Log, which on amd64 is wrong for denormal numbers.
func exactLog(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*(1<<54)) - 54*math.Ln2
	}
	return math.Log(x)
}

// The functions of float64 are within the package documentation's limits of the
// standard library's, which are within one unit in the last place themselves.
func TestDoubleError(t *testing.T) {
	for _, f := range []struct {
		name  string
		run   func(dst, x []float64)
		exact func(float64) float64
		limit float64
	}{
		{"exp", Exp[float64], exactExp, 3},
		{"log", Log[float64], exactLog, 2},
		{"sigmoid", Sigmoid[float64], func(x float64) float64 {
			if x < 0 {
				return math.Exp(x) / (1 + math.Exp(x))
			}
			return 1 / (1 + math.Exp(-x))
		}, 3},
		{"tanh", Tanh[float64], math.Tanh, 3},
		{"log1p", Log1p[float64], math.Log1p, 2},
		{"softplus", Softplus[float64], func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, 3},
	} {
		t.Run(f.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			x, y := make([]float64, 100_000), make([]float64, 100_000)
			drawDouble(rng, x)
			for i := range x {
				if i%2 == 0 {
					x[i] = rng.NormFloat64() * math.Exp(rng.NormFloat64())
				}
			}
			f.run(y, x)
			worst, at := 0.0, 0.0
			for i, v := range y {
				if d := ulps64(v, f.exact(x[i])); d > worst {
					worst, at = d, x[i]
				}
			}
			t.Logf("at most %.3f ulps from the standard library's, at %v", worst, at)
			if worst > f.limit {
				t.Errorf("%.3f ulps at %v, limit %v", worst, at, f.limit)
			}
		})
	}
}
