package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

const (
	unary  = "(dst, x *float32, n int)"
	scalar = "(dst, x *float32, n int, s float32)"
	binary = "(dst, a, b *float32, n int)"
)

// body gives a vector of the result.
type body func(in, s []vector) vector

func writeUnary(name, doc string, do body) {
	loop{in: []string{"x"}, out: []string{"dst"}, unroll: 4, body: single(do)}.write(name+"AVX2", unary, doc)
}

func writeScalar(name, doc string, do body) {
	loop{in: []string{"x"}, out: []string{"dst"}, scalars: []string{"s"}, unroll: 4, body: single(do)}.write(name+"AVX2", scalar, doc)
}

func writeBinary(name, doc string, do body) {
	loop{in: []string{"a", "b"}, out: []string{"dst"}, unroll: 4, body: single(do)}.write(name+"AVX2", binary, doc)
}

func single(do body) func(in, s []vector) []vector {
	return func(in, s []vector) []vector { return []vector{do(in, s)} }
}

func arithmetic() {
	for _, op := range []struct {
		name, doc string
		do        func(...Op)
	}{{"add", "+", VADDPS}, {"sub", "-", VSUBPS}, {"mul", "*", VMULPS}, {"div", "/", VDIVPS}} {
		writeBinary(op.name, "is dst = a "+op.doc+" b.", func(in, _ []vector) vector { return apply(op.do, in[1], in[0]) })
	}
	writeScalar("addScalar", "is dst = x + s.", func(in, s []vector) vector { return apply(VADDPS, s[0], in[0]) })
	writeScalar("mulScalar", "is dst = s x.", func(in, s []vector) vector { return apply(VMULPS, s[0], in[0]) })
	writeScalar("subFrom", "is dst = s - x.", func(in, s []vector) vector { return apply(VSUBPS, in[0], s[0]) })
	writeScalar("divInto", "is dst = s / x.", func(in, s []vector) vector { return apply(VDIVPS, in[0], s[0]) })
	writeUnary("neg", "is dst = -x.", func(in, _ []vector) vector { return apply(VXORPS, constants["minusZero"], in[0]) })
	writeUnary("abs", "is dst = |x|.", func(in, _ []vector) vector { return apply(VANDPS, constants["magnitude"], in[0]) })
	writeUnary("square", "is dst = x^2.", func(in, _ []vector) vector { return apply(VMULPS, in[0], in[0]) })
	writeUnary("cube", "is dst = x^3.", func(in, _ []vector) vector {
		return apply(VMULPS, in[0], apply(VMULPS, in[0], in[0]))
	})
	writeUnary("sqrt", "is the square root.", func(in, _ []vector) vector {
		VSQRTPS(in[0], in[0])
		return in[0]
	})
	writeUnary("relu", "is dst = x, or -0 where x is negative.", func(in, _ []vector) vector {
		zero := YMM()
		VMOVUPS(constants["minusZero"], zero)
		VMAXPS(in[0], zero, zero) // in[0] if it is NaN
		return zero
	})
	writeScalar("leakyReLU", "is dst = x, or s x where x is negative.", func(in, s []vector) vector {
		return blend(in[0], apply(VMULPS, s[0], in[0]), in[0])
	})
	loop{in: []string{"y", "x"}, out: []string{"y"}, scalars: []string{"a"}, unroll: 4, body: single(func(in, s []vector) vector {
		VFMADD231PS(in[1], s[0], in[0])
		return in[0]
	})}.write("axpyAVX2", "(y, x *float32, n int, a float32)", "is y += a x.")
	loop{out: []string{"dst"}, scalars: []string{"s"}, unroll: 4, body: func(_, s []vector) []vector { return s }}.
		write("fillAVX2", "(dst *float32, n int, s float32)", "is dst = s.")
}

// apply gives a op b in a new register, in the assembler's order: op b, a.
func apply(op func(...Op), b Op, a vector) vector {
	r := YMM()
	op(b, a, r)
	return r
}

// blend is negative where sign's sign bit is set, else other.
func blend(sign, negative, other vector) vector {
	r := YMM()
	VBLENDVPS(sign, negative, other, r)
	return r
}
