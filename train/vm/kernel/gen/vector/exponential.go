package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The exponential: x = n ln 2 + r with |r| <= ln(2)/2, and e^r = 1 + r + r^2 q(r)
// with q of degree 4, minimax (relative error of e^r 4e-9). The power 2^n is
// applied in two halves, so that results may be denormal or infinite.

func exponentials() {
	write := func(name, doc string, do func(x vector) vector) {
		loop{in: []string{"x"}, out: []string{"dst"}, unroll: 2, body: single(func(in, _ []vector) vector { return do(in[0]) })}.
			write(name+"AVX2", unary, doc)
	}
	write("exp", "is e^x.", func(x vector) vector {
		limit := YMM()
		VMOVUPS(constants["expMost"], limit)
		VMINPS(x, limit, x) // x if it is NaN
		return exp(x)
	})
	write("sigmoid", "is 1 / (1 + e^-x).", sigmoid)
	write("tanh", "is the hyperbolic tangent.", tanh)
}

// reduce gives n and e^r - 1.
func reduce(x vector) (n, rest vector) {
	n, r := YMM(), x
	VMULPS(constants["log2e"], x, n)
	VROUNDPS(Imm(0), n, n)
	VFNMADD231PS(constants["ln2High"], n, r)
	VFNMADD231PS(constants["ln2Low"], n, r)
	q := YMM()
	VMOVUPS(constants["exp6"], q)
	for _, c := range []string{"exp5", "exp4", "exp3", "exp2"} {
		VFMADD213PS(constants[c], r, q)
	}
	VMULPS(r, q, q)
	VFMADD213PS(r, r, q)
	VCVTPS2DQ(n, n)
	return n, q
}

// power is 2^n for integers n of a normal result; n is used up.
func power(n vector) vector {
	VPADDD(constants["exponent0"], n, n)
	VPSLLD(Imm(23), n, n)
	return n
}

// exp is e^x for x of at most expMost; x is used up.
func exp(x vector) vector {
	least := YMM()
	VMOVUPS(constants["expLeast"], least)
	VMAXPS(x, least, x)
	n, p := reduce(x)
	VADDPS(constants["one"], p, p)
	half := YMM()
	VPSRAD(Imm(1), n, half)
	VPSUBD(half, n, n)
	VMULPS(power(half), p, p)
	VMULPS(power(n), p, p)
	return p
}

// sigmoid is 1 - e/(1+e) or, for negative x, e - e (e/(1+e)), with e = e^-|x|,
// which never overflows. The latter loses less than the quotient alone.
func sigmoid(x vector) vector {
	minus, rest, below := YMM(), YMM(), YMM()
	VORPS(constants["minusZero"], x, minus)
	e := exp(minus)
	VMOVUPS(constants["one"], rest)
	VADDPS(rest, e, below)
	quotient := apply(VDIVPS, below, e)
	VSUBPS(quotient, rest, rest)
	VFNMADD213PS(e, e, quotient)
	return blend(x, quotient, rest)
}

// tanh is, for |x| < 0.625, x + x^3 p(x^2) with p of degree 4, minimax (relative
// error 7e-9); else 1 - 2e/(1+e) with e = e^-2|x|, and the sign of x.
func tanh(x vector) vector {
	size, y, least := YMM(), YMM(), YMM()
	VANDPS(constants["magnitude"], x, size)
	VMULPS(constants["minusTwo"], size, y)
	VMOVUPS(constants["tanhLeast"], least)
	VMAXPS(y, least, y) // y if it is NaN
	n, e := reduce(y)
	VADDPS(constants["one"], e, e)
	VMULPS(power(n), e, e)
	below, far := YMM(), YMM()
	VMOVUPS(constants["one"], far)
	VADDPS(far, e, below)
	VADDPS(e, e, e)
	VDIVPS(below, e, e)
	VSUBPS(e, far, far)
	VANDPS(constants["minusZero"], x, below)
	VORPS(below, far, far)

	square, near := apply(VMULPS, x, x), YMM()
	VMOVUPS(constants["tanh11"], near)
	for _, c := range []string{"tanh9", "tanh7", "tanh5", "tanh3"} {
		VFMADD213PS(constants[c], square, near)
	}
	VMULPS(square, near, near)
	VFMADD213PS(x, x, near)
	VCMPPS(Imm(less), constants["tanhNear"], size, size)
	return blend(size, near, far)
}
