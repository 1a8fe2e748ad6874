package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

func (w *writer) logarithmConstants() {
	w.numbers(map[string]float64{
		"half": 0.5, "scale": 1 << 54, "scaled": 54, "least": 0x1p-1022, "bias": 1<<52 + 1023, "infinity": math.Inf(1), "nan": math.NaN(),
		"logHigh": 6.93147180369123816490e-01, "logLow": 1.90821492927058770002e-10,
		"log1": 6.666666666666735130e-01, "log2": 3.999999999940941908e-01, "log3": 2.857142874366239149e-01, "log4": 2.222219843214978396e-01,
		"log5": 1.818357216161805012e-01, "log6": 1.531383769920937332e-01, "log7": 1.479819860510658591e-01,
	})
	root := math.Float64bits(math.Sqrt2 / 2)
	w.bits("root", root)
	w.bits("shift", 1023<<52-root)
	w.bits("fraction", 1<<52-1)
	w.bits("big", 0x433<<52)
}

// log64 is the natural logarithm: x = 2^k (1+f) with 1+f in [sqrt(1/2), sqrt(2)),
// and log(1+f) by a polynomial in s^2, s = f/(2+f) (FreeBSD's e_log.c, error below
// 1 ulp).
func (w *writer) log64(x vector) vector {
	tiny := w.Copy(x)
	VCMPPD(Imm(less), w.constant("least"), tiny, tiny)
	t := w.Choose(tiny, avx.Apply(VMULPD, w.constant("scale"), x), x)
	VPADDQ(w.constant("shift"), t, t)
	k, f := YMM(), YMM()
	VPSRLQ(Imm(52), t, k)
	VPOR(w.constant("big"), k, k)
	VSUBPD(w.constant("bias"), k, k)
	VANDPD(w.constant("scaled"), tiny, tiny)
	VSUBPD(tiny, k, k)
	VPAND(w.constant("fraction"), t, f)
	VPADDQ(w.constant("root"), f, f)
	VSUBPD(w.constant("one"), f, f)
	s := avx.Apply(VDIVPD, avx.Apply(VADDPD, w.constant("two"), f), f)
	z, r := avx.Apply(VMULPD, s, s), w.Copy(w.constant("log7"))
	for i := 6; i >= 1; i-- {
		VFMADD213PD(w.constant(fmt.Sprint("log", i)), z, r)
	}
	VMULPD(z, r, r)
	square := avx.Apply(VMULPD, avx.Apply(VMULPD, w.constant("half"), f), f)
	VADDPD(square, r, r)
	VFMADD213PD(avx.Apply(VMULPD, w.constant("logLow"), k), s, r) // s (square + r) + k ln 2's low part
	VSUBPD(r, square, square)
	VSUBPD(f, square, square)
	VMULPD(w.constant("logHigh"), k, k)
	VSUBPD(square, k, k)
	// What is not a positive number: infinity, zeros, negative numbers and NaN.
	zero := w.Zero()
	mask := YMM()
	VCMPPD(Imm(equal), w.constant("infinity"), x, mask)
	k = w.Choose(mask, x, k)
	VCMPPD(Imm(equal), zero, x, mask)
	k = w.Choose(mask, w.Copy(w.constant("minusInfinity")), k)
	VCMPPD(Imm(notGreaterEqual), zero, x, mask)
	return w.Choose(mask, w.Copy(w.constant("nan")), k)
}

// log1p64 is log(u) + (x - (u - 1))/u with u = 1 + x rounded: the quotient gives
// back what rounding took (Kahan). It is NaN, and left out, where x is -1 or
// infinite.
func (w *writer) log1p64(x vector) vector {
	u := avx.Apply(VADDPD, w.constant("one"), x)
	lost := avx.Apply(VSUBPD, avx.Apply(VSUBPD, w.constant("one"), u), x)
	VDIVPD(u, lost, lost)
	number := w.Copy(lost)
	VCMPPD(Imm(equal), lost, number, number)
	VANDPD(number, lost, lost)
	return avx.Apply(VADDPD, lost, w.log64(u))
}

// log is the natural logarithm, of float32 float64's rounded.
func (w *writer) log(x vector) vector {
	if w.Bits == 64 {
		return w.log64(x)
	}
	return inDouble(x, w.double.log64)
}

// log1p is log(1 + x), with the sign of x.
func (w *writer) log1p(x vector) vector {
	sign := avx.Apply(w.And, w.constant("minusZero"), x)
	var r vector
	if w.Bits == 64 {
		r = w.log1p64(x)
	} else {
		r = inDouble(x, w.double.log1p64)
	}
	return avx.Apply(w.Or, sign, r)
}

// softplus is max(x, 0) + log1p(e^-|x|).
func (w *writer) softplus(x vector) vector {
	rest := w.log1p(w.exp(avx.Apply(w.Or, w.constant("minusZero"), x)))
	return avx.Apply(w.Add, rest, avx.Apply(w.Max, w.Zero(), x))
}

// inDouble rounds what a function of float64 gives of float32.
func inDouble(x vector, f func(vector) vector) vector {
	high := XMM()
	VEXTRACTF128(Imm(1), x, high)
	a, b := YMM(), YMM()
	VCVTPS2PD(x.AsX(), a)
	VCVTPS2PD(high, b)
	low, top, r := XMM(), XMM(), YMM()
	VCVTPD2PSY(f(a), low)
	VCVTPD2PSY(f(b), top)
	VINSERTF128(Imm(1), top, low.AsY(), r)
	return r
}
