package vec

import "math"

// The twins' functions. Those of float64 do what the assembly does, step by step;
// those of float32 are float64 rounded, more exact than the assembly, but for log,
// which is the same.

func exp[F Float](x F) F {
	if bits[F]() == 64 {
		return F(expDouble(float64(x)))
	}
	return F(expSingle(float64(x)))
}

func log[F Float](x F) F { return F(logDouble(float64(x))) }

func sigmoid[F Float](x F) F {
	if bits[F]() == 64 {
		e := expDouble(-math.Abs(float64(x)))
		quotient := e / (1 + e)
		if math.Signbit(float64(x)) {
			return F(math.FMA(-e, quotient, e))
		}
		return F(1 - quotient)
	}
	if x < -89 {
		return exp(x) // 1 + e^-x would be infinite
	}
	return F(1 / (1 + expSingle(-float64(x))))
}

func sigmoidGrad[F Float](x, y F) F {
	e := exp(-abs(x))
	return e / ((1 + e) * (1 + e)) * y
}

func tanh[F Float](x F) F {
	if bits[F]() == 64 {
		return F(tanhDouble(float64(x)))
	}
	y := 2 * math.Abs(float64(x))
	if y < 0.34 {
		m := expm1(y)
		return F(math.Copysign(m/(m+2), float64(x)))
	}
	return F(math.Copysign(1-2/(expSingle(y)+1), float64(x)))
}

// expSingle is e^x = 2^n e^r with more digits than float32 has: r = x - n ln 2, and
// e^r by Taylor's series to r^8, whose relative error is 2e-10.
func expSingle(x float64) float64 {
	switch {
	case x > 89:
		return math.Inf(1)
	case x < -104:
		return 0
	case x != x:
		return x
	}
	n := math.Round(x * math.Log2E)
	return (1 + expm1(x-n*math.Ln2)) * math.Float64frombits(uint64(int(n)+1023)<<52)
}

// expm1 is e^r - 1 for |r| <= ln(2)/2.
func expm1(r float64) float64 {
	const c2, c3, c4, c5, c6, c7, c8 = 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320
	return r * (1 + r*(c2+r*(c3+r*(c4+r*(c5+r*(c6+r*(c7+r*c8)))))))
}
