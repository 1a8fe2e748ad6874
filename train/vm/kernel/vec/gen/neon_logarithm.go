package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// log64 is the natural logarithm, as the twin logDouble has it.
func (w *neonWriter) log64(x vec) vec {
	tiny := w.op(neon.FCMGT, w.constant("least"), x)
	t := w.choose(tiny, w.op(neon.FMUL, x, w.constant("scale")), x)
	t = w.op(neon.ADD, t, w.constant("shift"))
	k := w.op(neon.SCVTF, w.op(neon.SUB, w.Shift(w.lanes, neon.USHR, t, 52), w.constant("exponent0")))
	k = w.op(neon.FSUB, k, w.op(neon.AND, tiny, w.constant("scaled")))
	f := w.op(neon.ADD, w.op(neon.AND, t, w.constant("fraction")), w.constant("root"))
	f = w.op(neon.FSUB, f, w.constant("one"))
	s := w.op(neon.FDIV, f, w.op(neon.FADD, f, w.constant("two")))
	z, r := w.op(neon.FMUL, s, s), w.constant("log7")
	for i := 6; i >= 1; i-- {
		r = w.fma(r, z, w.constant(fmt.Sprint("log", i)))
	}
	r = w.op(neon.FMUL, r, z)
	square := w.op(neon.FMUL, w.op(neon.FMUL, f, w.constant("half")), f)
	r = w.fma(s, w.op(neon.FADD, square, r), w.op(neon.FMUL, k, w.constant("logLow")))
	square = w.op(neon.FSUB, w.op(neon.FSUB, square, r), f)
	y := w.op(neon.FSUB, w.op(neon.FMUL, k, w.constant("logHigh")), square)
	// What is not a positive number: infinity, zeros, negative numbers and NaN.
	w.with(neon.BIT, y, x, w.op(neon.FCMEQ, x, w.constant("infinity")))
	w.with(neon.BIT, y, w.constant("minusInfinity"), w.op(neon.FCMEQ0, x))
	w.with(neon.BIF, y, w.constant("nan"), w.op(neon.FCMGE0, x))
	return y
}

// log1p64 is log(u) + (x - (u - 1))/u with u = 1 + x; the quotient is left out
// where it is NaN.
func (w *neonWriter) log1p64(x vec) vec {
	u := w.op(neon.FADD, x, w.constant("one"))
	lost := w.op(neon.FDIV, w.op(neon.FSUB, x, w.op(neon.FSUB, u, w.constant("one"))), u)
	lost = w.op(neon.AND, lost, w.op(neon.FCMEQ, lost, lost))
	return w.op(neon.FADD, w.log64(u), lost)
}

// log is the natural logarithm, of float32 float64's rounded.
func (w *neonWriter) log(x vec) vec { return w.inDouble(x, (*neonWriter).log64) }

// log1p is log(1 + x), with the sign of x.
func (w *neonWriter) log1p(x vec) vec { return w.signed(w.inDouble(x, (*neonWriter).log1p64), x) }

// softplus is max(x, 0) + log1p(e^-|x|).
func (w *neonWriter) softplus(x vec) vec {
	return w.op(neon.FADD, w.op(neon.FMAX, x, w.constant("zero")), w.log1p(w.expMinus(x)))
}

// inDouble rounds what a function of float64 gives of float32.
func (w *neonWriter) inDouble(x vec, f func(*neonWriter, vec) vec) vec {
	if w.bits == 64 {
		return f(w, x)
	}
	low, high := w.op(neon.FCVTL, x), w.op(neon.FCVTL2, x)
	r := w.op(neon.FCVTN, f(w.double, low))
	w.with(neon.FCVTN2, r, f(w.double, high))
	return r
}
