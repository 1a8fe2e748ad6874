package vec

import "math"

// factorials are 1/2! to 1/13!.
var factorials = [...]float64{1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800}

// reduce gives x = n ln 2 + r as n and e^r - 1.
func reduce(x float64) (n int, rest float64) {
	whole := math.RoundToEven(x * math.Log2E)
	r := math.FMA(-whole, 0.6931471805599453, x)
	r = math.FMA(-whole, 2.3190468138462996e-17, r)
	q := factorials[len(factorials)-1]
	for i := len(factorials) - 2; i >= 0; i-- {
		q = math.FMA(q, r, factorials[i])
	}
	return int(whole), math.FMA(q*r, r, r)
}

// power is 2^n for a normal result.
func power(n int) float64 { return math.Float64frombits(uint64(n+1023) << 52) }

func expDouble(x float64) float64 {
	if x != x {
		return x
	}
	n, p := reduce(max(min(x, 710), -746))
	half := n >> 1
	return (p + 1) * power(half) * power(n-half)
}

func tanhDouble(x float64) float64 {
	if x != x {
		return x
	}
	n, m := reduce(min(2*math.Abs(x), 80))
	two := power(n)
	m = math.FMA(two, m, two-1)
	return math.Copysign(m/(m+2), x)
}

// logDouble follows FreeBSD's e_log.c.
func logDouble(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case !(x >= 0):
		return math.NaN()
	case math.IsInf(x, 1):
		return x
	}
	k := 0.0
	if x < 0x1p-1022 {
		x, k = x*(1<<54), 54
	}
	const root, shift = 0x3FE6A09E667F3BCD, 1023<<52 - 0x3FE6A09E667F3BCD // bits of sqrt(1/2)
	t := math.Float64bits(x) + shift
	k = float64(int64(t>>52)-1023) - k
	f := math.Float64frombits(t&(1<<52-1)+root) - 1
	s := f / (2 + f)
	z := s * s
	r := 1.479819860510658591e-01
	for _, c := range [...]float64{1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
		2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01} {
		r = math.FMA(r, z, c)
	}
	r = float64(r * z) // conversions keep compilers from fusing
	square := float64(0.5 * f * f)
	r = math.FMA(s, square+r, k*1.90821492927058770002e-10)
	return float64(k*6.93147180369123816490e-01) - ((square - r) - f)
}

// log1pDouble gives back what rounding took of 1 + x.
func log1pDouble(x float64) float64 {
	u := 1 + x
	lost := (x - (u - 1)) / u
	if lost != lost {
		lost = 0
	}
	return logDouble(u) + lost
}
