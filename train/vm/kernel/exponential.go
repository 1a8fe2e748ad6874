package kernel

import "math"

// Exp computes dst = e^x.
func Exp(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		expAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = float32(exp(float64(v)))
	}
}

// Sigmoid computes dst = 1 / (1 + e^-x).
func Sigmoid(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		sigmoidAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = sigmoid(v)
	}
}

// Tanh computes the hyperbolic tangent.
func Tanh(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		tanhAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = tanh(v)
	}
}

// Log computes the natural logarithm.
func Log(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = float32(math.Log(float64(v)))
	}
}

// exp is e^x = 2^n e^r for the twins: r = x - n ln 2, and e^r by Taylor's series
// to r^8, whose relative error is 2e-10.
func exp(x float64) float64 {
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

func sigmoid(x float32) float32 {
	if x < -89 {
		return float32(exp(float64(x))) // 1 + e^-x would be infinite
	}
	return float32(1 / (1 + exp(-float64(x))))
}

func tanh(x float32) float32 {
	y := 2 * math.Abs(float64(x))
	if y < 0.34 {
		m := expm1(y)
		return float32(math.Copysign(m/(m+2), float64(x)))
	}
	return float32(math.Copysign(1-2/(exp(y)+1), float64(x)))
}
