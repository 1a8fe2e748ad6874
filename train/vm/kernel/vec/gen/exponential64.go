package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

// The functions of float64. The twins in vec/exponential.go do the same steps, so
// that every bit is the same.

func (w *writer) exponentialConstants64() {
	w.numbers(map[string]float64{
		"log2e": math.Log2E, "ln2High": 0.6931471805599453, "ln2Low": 2.3190468138462996e-17,
		"expMost": 710, "expLeast": -746, "tanhMost": 80, "two": 2,
	})
	factorial := 1.0
	for i := 2; i <= 13; i++ {
		factorial *= float64(i)
		w.number(fmt.Sprint("exp", i), 1/factorial)
	}
	w.bits("exponent0", 1023)
}

// reduce64 gives n, a whole number, and e^r - 1 = r + r^2 q(r), q Taylor's series
// to r^11 (relative error of e^r below 1e-17).
func (w *writer) reduce64(x vector) (n, rest vector) {
	n, r := w.New(), x
	VMULPD(w.constant("log2e"), x, n)
	w.Round(Imm(0), n, n)
	VFNMADD231PD(w.constant("ln2High"), n, r)
	VFNMADD231PD(w.constant("ln2Low"), n, r)
	q := w.Copy(w.constant("exp13"))
	for i := 12; i >= 2; i-- {
		VFMADD213PD(w.constant(fmt.Sprint("exp", i)), r, q)
	}
	VMULPD(r, q, q)
	VFMADD213PD(r, r, q)
	return n, q
}

// integers64 gives whole numbers as 32-bit integers.
func integers64(whole vector) Op {
	n := XMM()
	VCVTPD2DQY(whole, n)
	return n
}

// power64 is 2^n for 32-bit integers n of a normal result.
func (w *writer) power64(n Op) vector {
	p := YMM()
	VPMOVSXDQ(n, p)
	VPADDQ(w.constant("exponent0"), p, p)
	VPSLLQ(Imm(52), p, p)
	return p
}

// exp64 is e^x; x is used up.
func (w *writer) exp64(x vector) vector {
	VMINPD(x, w.Copy(w.constant("expMost")), x) // x if it is NaN
	VMAXPD(x, w.Copy(w.constant("expLeast")), x)
	n, p := w.reduce64(x)
	VADDPD(w.constant("one"), p, p)
	if w.Wide {
		w.Times2To(n, p, p)
		return p
	}
	integers, half, rest := integers64(n), XMM(), XMM()
	VPSRAD(Imm(1), integers, half)
	VPSUBD(half, integers, rest)
	VMULPD(w.power64(half), p, p)
	VMULPD(w.power64(rest), p, p)
	return p
}

// tanh64 is m/(m+2) with m = e^2|x| - 1 = 2^n (e^r - 1) + (2^n - 1), and the sign
// of x.
func (w *writer) tanh64(x vector) vector {
	y := avx.Apply(VANDPD, w.constant("magnitude"), x)
	VADDPD(y, y, y)
	VMINPD(y, w.Copy(w.constant("tanhMost")), y)
	n, m := w.reduce64(y)
	var power vector
	if w.Wide {
		power = w.Copy(w.constant("one"))
		w.Times2To(n, power, power)
	} else {
		power = w.power64(integers64(n))
	}
	VFMADD213PD(avx.Apply(VSUBPD, w.constant("one"), power), power, m)
	m = avx.Apply(VDIVPD, avx.Apply(VADDPD, w.constant("two"), m), m)
	VORPD(avx.Apply(VANDPD, w.constant("minusZero"), x), m, m)
	return m
}

// sigmoidGrad is y e/(1+e)^2 with e = e^-|x|.
func (w *writer) sigmoidGrad(x, y vector) vector {
	e := w.exp(avx.Apply(w.Or, w.constant("minusZero"), x))
	below := avx.Apply(w.Add, w.constant("one"), e)
	return avx.Apply(w.Mul, y, avx.Apply(w.Div, avx.Apply(w.Mul, below, below), e))
}
