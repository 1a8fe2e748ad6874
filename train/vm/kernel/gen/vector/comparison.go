package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// Ordered comparisons of VCMPPS: false for NaN.
const (
	less         = 0x01
	lessEqual    = 0x02
	greaterEqual = 0x0D
	greater      = 0x0E
)

func comparisons() {
	for _, op := range []struct {
		name, sign string
		code       uint64
	}{{"greaterEqual", ">=", greaterEqual}, {"greater", ">", greater}, {"lessEqual", "<=", lessEqual}, {"less", "<", less}} {
		compare := func(x, y vector) vector {
			r := YMM()
			VCMPPS(Imm(op.code), y, x, r)
			return apply(VANDPS, constants["one"], r)
		}
		writeBinary(op.name, "is 1 where a "+op.sign+" b, else 0.", func(in, _ []vector) vector { return compare(in[0], in[1]) })
		writeScalar(op.name+"Scalar", "is 1 where x "+op.sign+" s, else 0.", func(in, s []vector) vector { return compare(in[0], s[0]) })
	}
}

// gradients take an activation's result y as a, and dy as b.
func gradients() {
	writeBinary("sigmoidGrad", "is b a (1 - a).", func(in, _ []vector) vector {
		rest := YMM()
		VMOVUPS(constants["one"], rest)
		VSUBPS(in[0], rest, rest)
		return apply(VMULPS, apply(VMULPS, rest, in[0]), in[1])
	})
	writeBinary("tanhGrad", "is b (1 - a^2).", func(in, _ []vector) vector {
		rest := YMM()
		VMOVUPS(constants["one"], rest)
		VFNMADD231PS(in[0], in[0], rest)
		return apply(VMULPS, rest, in[1])
	})
	writeBinary("reluGrad", "is b where a's sign bit is clear, else 0.", func(in, _ []vector) vector {
		zero := YMM()
		VXORPS(zero, zero, zero)
		return blend(in[0], zero, in[1])
	})
}
