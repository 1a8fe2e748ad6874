package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

// The exponential: x = n ln 2 + r with |r| <= ln(2)/2, and e^r = 1 + r + r^2 q(r)
// with q of degree 4, minimax (relative error of e^r 4e-9). The power 2^n is
// applied in two halves, so that results may be denormal or infinite.

// reduce gives n, a whole number, and e^r - 1.
func (w *writer) reduce(x vector) (n, rest vector) {
	n, r := w.New(), x
	VMULPS(w.constant("log2e"), x, n)
	w.Round(Imm(0), n, n)
	VFNMADD231PS(w.constant("ln2High"), n, r)
	VFNMADD231PS(w.constant("ln2Low"), n, r)
	q := w.Copy(w.constant("exp6"))
	for _, c := range []string{"exp5", "exp4", "exp3", "exp2"} {
		VFMADD213PS(w.constant(c), r, q)
	}
	VMULPS(r, q, q)
	VFMADD213PS(r, r, q)
	return n, q
}

// times2To is p 2^n, in place.
func (w *writer) times2To(n, p vector) {
	if w.Wide {
		w.Times2To(n, p, p)
		return
	}
	VCVTPS2DQ(n, n)
	half := YMM()
	VPSRAD(Imm(1), n, half)
	VPSUBD(half, n, n)
	VMULPS(w.power(half), p, p)
	VMULPS(w.power(n), p, p)
}

// power is 2^n for integers n of a normal result; n is used up.
func (w *writer) power(n vector) vector {
	VPADDD(w.constant("exponent0"), n, n)
	VPSLLD(Imm(23), n, n)
	return n
}

// exp is e^x; x is used up. In float32 it is at most expMost.
func (w *writer) exp(x vector) vector {
	if w.Bits == 64 {
		return w.exp64(x)
	}
	VMAXPS(x, w.Copy(w.constant("expLeast")), x) // x if it is NaN
	n, p := w.reduce(x)
	VADDPS(w.constant("one"), p, p)
	w.times2To(n, p)
	return p
}

// sigmoid is 1 - e/(1+e) or, for negative x, e - e (e/(1+e)), with e = e^-|x|,
// which never overflows. The latter loses less than the quotient alone.
func (w *writer) sigmoid(x vector) vector {
	e := w.exp(avx.Apply(w.Or, w.constant("minusZero"), x))
	rest := w.Copy(w.constant("one"))
	quotient := avx.Apply(w.Div, avx.Apply(w.Add, rest, e), e)
	w.Sub(quotient, rest, rest)
	w.FNMA213(e, e, quotient)
	return w.Choose(x, quotient, rest)
}

// tanh is, for |x| < 0.625, x + x^3 p(x^2) with p of degree 4, minimax (relative
// error 7e-9); else 1 - 2e/(1+e) with e = e^-2|x|, and the sign of x.
func (w *writer) tanh(x vector) vector {
	size := avx.Apply(VANDPS, w.constant("magnitude"), x)
	y := avx.Apply(VMULPS, w.constant("minusTwo"), size)
	VMAXPS(y, w.Copy(w.constant("tanhLeast")), y) // y if it is NaN
	n, e := w.reduce(y)
	VADDPS(w.constant("one"), e, e)
	if w.Wide {
		w.Times2To(n, e, e)
	} else {
		VCVTPS2DQ(n, n)
		VMULPS(w.power(n), e, e)
	}
	far := w.Copy(w.constant("one"))
	below := avx.Apply(VADDPS, far, e)
	VADDPS(e, e, e)
	VDIVPS(below, e, e)
	VSUBPS(e, far, far)
	VANDPS(w.constant("minusZero"), x, below)
	VORPS(below, far, far)

	square, near := avx.Apply(VMULPS, x, x), w.Copy(w.constant("tanh11"))
	for _, c := range []string{"tanh9", "tanh7", "tanh5", "tanh3"} {
		VFMADD213PS(w.constant(c), square, near)
	}
	VMULPS(square, near, near)
	VFMADD213PS(x, x, near)
	return w.Choose(w.Where(less, w.constant("tanhNear"), size), near, far)
}

func (w *writer) exponentialConstants32() {
	w.numbers(map[string]float64{
		"minusTwo": -2, "c255": 255,
		"log2e": 1.4426950, "ln2High": 0.69314718, "ln2Low": -1.9046542e-9,
		"exp2": 0.49999994, "exp3": 0.16666521, "exp4": 0.041668389, "exp5": 0.0083687417, "exp6": 0.0013814620,
		"expMost": 89, "expLeast": -104, "tanhLeast": -60, "tanhNear": 0.625,
		"tanh3": -0.33333281, "tanh5": 0.13331422, "tanh7": -0.053737957, "tanh9": 0.020633085, "tanh11": -0.0056980085,
	})
	w.bits("exponent0", 127)
	high := float64(float32(1. / 255))
	w.numbers(map[string]float64{"high255th": high, "low255th": 1./255 - high})
}
