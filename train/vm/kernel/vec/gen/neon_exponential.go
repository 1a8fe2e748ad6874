package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// The exponentials, step by step as the twins do them.

// reduce gives x = n ln 2 + r as n, a whole number, and e^r - 1.
func (w *neonWriter) reduce(x vec) (n, rest vec) {
	n = w.op(neon.FRINTN, w.op(neon.FMUL, x, w.constant("log2e")))
	r := w.fnma(n, w.constant("ln2Low"), w.fnma(n, w.constant("ln2High"), x))
	most := 6
	if w.bits == 64 {
		most = 13
	}
	q := w.constant(fmt.Sprint("exp", most))
	for i := most - 1; i >= 2; i-- {
		q = w.fma(q, r, w.constant(fmt.Sprint("exp", i)))
	}
	return n, w.fma(w.op(neon.FMUL, q, r), r, r)
}

// power is 2^n for integers n of a normal result.
func (w *neonWriter) power(n vec) vec {
	mantissa := 23
	if w.bits == 64 {
		mantissa = 52
	}
	return w.Shift(w.lanes, neon.SHL, w.op(neon.ADD, n, w.constant("exponent0")), mantissa)
}

// exp is e^x; in float32 x is at most expMost.
func (w *neonWriter) exp(x vec) vec {
	if w.bits == 64 {
		x = w.op(neon.FMIN, x, w.constant("expMost"))
	}
	n, p := w.reduce(w.op(neon.FMAX, x, w.constant("expLeast")))
	n = w.op(neon.FCVTNS, n)
	half := w.Shift(w.lanes, neon.SSHR, n, 1)
	p = w.op(neon.FMUL, w.op(neon.FADD, p, w.constant("one")), w.power(half))
	return w.op(neon.FMUL, p, w.power(w.op(neon.SUB, n, half)))
}

// expMinus is e^-|x|.
func (w *neonWriter) expMinus(x vec) vec {
	return w.exp(w.op(neon.ORR, x, w.constant("minusZero")))
}

// sigmoid is 1 - e/(1+e) or, for negative x, e - e (e/(1+e)), with e = e^-|x|.
func (w *neonWriter) sigmoid(x vec) vec {
	e := w.expMinus(x)
	quotient := w.op(neon.FDIV, e, w.op(neon.FADD, e, w.constant("one")))
	positive := w.op(neon.FSUB, w.constant("one"), quotient)
	return w.choose(w.op(neon.CMLT0, x), w.fnma(e, quotient, e), positive)
}

// sigmoidGrad is y e/(1+e)^2 with e = e^-|x|.
func (w *neonWriter) sigmoidGrad(x, y vec) vec {
	e := w.expMinus(x)
	below := w.op(neon.FADD, e, w.constant("one"))
	return w.op(neon.FMUL, w.op(neon.FDIV, e, w.op(neon.FMUL, below, below)), y)
}

// signed has the sign of x.
func (w *neonWriter) signed(size, x vec) vec {
	return w.changed(neon.BIT, size, x, w.constant("minusZero"))
}

func (w *neonWriter) tanh(x vec) vec {
	size := w.op(neon.FABS, x)
	if w.bits == 64 {
		n, m := w.reduce(w.op(neon.FMIN, w.op(neon.FADD, size, size), w.constant("tanhMost")))
		power := w.power(w.op(neon.FCVTNS, n))
		m = w.fma(power, m, w.op(neon.FSUB, power, w.constant("one")))
		return w.signed(w.op(neon.FDIV, m, w.op(neon.FADD, m, w.constant("two"))), x)
	}
	square, near := w.op(neon.FMUL, x, x), w.constant("tanh11")
	for _, c := range []string{"tanh9", "tanh7", "tanh5", "tanh3"} {
		near = w.fma(near, square, w.constant(c))
	}
	near = w.fma(w.op(neon.FMUL, near, square), x, x)
	n, e := w.reduce(w.op(neon.FMAX, w.op(neon.FMUL, size, w.constant("minusTwo")), w.constant("tanhLeast")))
	e = w.op(neon.FMUL, w.op(neon.FADD, e, w.constant("one")), w.power(w.op(neon.FCVTNS, n)))
	far := w.op(neon.FSUB, w.constant("one"), w.op(neon.FDIV, w.op(neon.FADD, e, e), w.op(neon.FADD, e, w.constant("one"))))
	return w.choose(w.op(neon.FCMGT, w.constant("tanhNear"), size), near, w.signed(far, x))
}
