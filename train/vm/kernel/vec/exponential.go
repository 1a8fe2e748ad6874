package vec

import "math"

// The twins' functions do what the assembly does, step by step.

func exp[F Float](x F) F {
	if bits[F]() == 64 {
		return F(expDouble(float64(x)))
	}
	return F(expSingle(float32(x)))
}

func log[F Float](x F) F { return F(logDouble(float64(x))) }

// log1p has the sign of x.
func log1p[F Float](x F) F { return F(math.Copysign(log1pDouble(float64(x)), float64(x))) }

func softplus[F Float](x F) F { return max(x, 0) + log1p(exp(-abs(x))) }

func sigmoid[F Float](x F) F {
	e := exp(-abs(x))
	quotient := e / (1 + e)
	if math.Signbit(float64(x)) {
		return fma(-e, quotient, e)
	}
	return 1 - quotient
}

func sigmoidGrad[F Float](x, y F) F {
	e := exp(-abs(x))
	return e / ((1 + e) * (1 + e)) * y
}

func tanh[F Float](x F) F {
	if bits[F]() == 64 {
		return F(tanhDouble(float64(x)))
	}
	return F(tanhSingle(float32(x)))
}

// reduceSingle gives x = n ln 2 + r as n and e^r - 1.
func reduceSingle(x float32) (n int, rest float32) {
	whole := float32(math.RoundToEven(float64(x * 1.4426950)))
	r := fma(-whole, 0.69314718, x)
	r = fma(-whole, -1.9046542e-9, r)
	q := float32(0.0013814620)
	for _, c := range [...]float32{0.0083687417, 0.041668389, 0.16666521, 0.49999994} {
		q = fma(q, r, c)
	}
	return int(whole), fma(q*r, r, r)
}

// powerSingle is 2^n for a normal result.
func powerSingle(n int) float32 { return math.Float32frombits(uint32(n+127) << 23) }

func expSingle(x float32) float32 {
	if x != x {
		return x
	}
	n, p := reduceSingle(max(min(x, 89), -104))
	half := n >> 1
	return (p + 1) * powerSingle(half) * powerSingle(n-half)
}

func tanhSingle(x float32) float32 {
	size := abs(x)
	switch {
	case x != x:
		return x
	case size < 0.625:
		square, near := x*x, float32(-0.0056980085)
		for _, c := range [...]float32{0.020633085, -0.053737957, 0.13331422, -0.33333281} {
			near = fma(near, square, c)
		}
		return fma(near*square, x, x)
	}
	n, e := reduceSingle(max(-2*size, -60))
	e = float32((e + 1) * powerSingle(n))
	return float32(math.Copysign(float64(1-(e+e)/(1+e)), float64(x)))
}
