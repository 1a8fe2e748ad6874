package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gather lists one map's gradients that are not zero.
func gather() {
	define("gatherList", "func(at *int32, value, dz *float32, dzStep int, arg *uint8, argStep int, corner, offset *int32, count int) (n int, sum float32)",
		"gatherList is gatherGo; count > 0. It writes up to a vector past the list.")
	list, value, dz, dzStep := Load(Param("at"), GP64()), Load(Param("value"), GP64()), Load(Param("dz"), GP64()), Load(Param("dzStep"), GP64())
	arg, argStep, corner, offset := Load(Param("arg"), GP64()), Load(Param("argStep"), GP64()), Load(Param("corner"), GP64()), Load(Param("offset"), GP64())
	count := Load(Param("count"), GP64())
	n := GP64()
	XORQ(n, n)
	SHLQ(Imm(2), dzStep)
	Label("windows")
	place, position, d, kept := GP64(), GP64(), GP64(), GP64()
	XORQ(kept, kept)
	MOVBQZX(Mem{Base: arg}, position)
	MOVL(Mem{Base: dz}, d.As32())
	MOVL(at(offset, position, 4, 0), place.As32())
	ADDL(Mem{Base: corner}, place.As32())
	MOVL(place.As32(), at(list, n, 4, 0))
	MOVL(d.As32(), at(value, n, 4, 0))
	ADDL(d.As32(), d.As32()) // shifts the sign out: zero for both zeros
	SETNE(kept.As8())
	ADDQ(kept, n)
	ADDQ(dzStep, dz)
	ADDQ(argStep, arg)
	ADDQ(Imm(4), corner)
	DECQ(count)
	JNZ(LabelRef("windows"))
	sum, zero, i := YMM(), YMM(), GP64()
	VXORPS(zero, zero, zero)
	VXORPS(sum, sum, sum)
	VMOVUPS(zero, at(value, n, 4, 0)) // up to the next whole vector
	XORQ(i, i)
	Label("sum")
	VADDPS(at(value, i, 4, 0), sum, sum)
	ADDQ(Imm(8), i)
	CMPQ(i, n)
	JLT(LabelRef("sum"))
	returnList(n, sum)
}

// returnList ends a function with a list's length and the sum of eight lanes.
func returnList(n reg.Register, sum reg.VecVirtual) {
	half := XMM()
	VEXTRACTF128(Imm(1), sum, half)
	VADDPS(half, sum.AsX(), half)
	VHADDPS(half, half, half)
	VHADDPS(half, half, half)
	Store(n, Return("n"))
	Store(half, Return("sum"))
	VZEROUPPER()
	RET()
}

// gatherVectors is gather for contiguous gradients and at most eight positions.
func gatherVectors() {
	define("gatherVectors", "func(at *int32, value, dz *float32, arg *uint8, corner, offset *int32, vectors int, order *uint64) (n int, sum float32)",
		"gatherVectors is gatherGo for steps of 1 and positions below 8, for eight windows at a time.")
	list, value, dz, arg := Load(Param("at"), GP64()), Load(Param("value"), GP64()), Load(Param("dz"), GP64()), Load(Param("arg"), GP64())
	corner, offset, vectors, order := Load(Param("corner"), GP64()), Load(Param("offset"), GP64()), Load(Param("vectors"), GP64()), Load(Param("order"), GP64())
	n, offsets, zero, sum := GP64(), YMM(), YMM(), YMM()
	XORQ(n, n)
	VXORPS(zero, zero, zero)
	VXORPS(sum, sum, sum)
	VMOVDQU(Mem{Base: offset}, offsets)
	times("vectors", vectors.(reg.GPVirtual), func() {
		d, place, packed, wanted, bits := YMM(), YMM(), YMM(), YMM(), GP64()
		VMOVUPS(Mem{Base: dz}, d)
		VPMOVZXBD(Mem{Base: arg}, place)
		VPERMD(offsets, place, place)
		VPADDD(Mem{Base: corner}, place, place)
		VADDPS(d, sum, sum)
		VCMPPS(Imm(4), zero, d, wanted) // not equal, or unordered
		VMOVMSKPS(wanted, bits.As32())
		VPMOVZXBD(at(order, bits, 8, 0), packed)
		VPERMPS(d, packed, d)
		VPERMD(place, packed, place)
		VMOVUPS(d, at(value, n, 4, 0))
		VMOVDQU(place, at(list, n, 4, 0))
		POPCNTL(bits.As32(), bits.As32())
		ADDQ(bits, n)
		ADDQ(Imm(32), dz)
		ADDQ(Imm(8), arg)
		ADDQ(Imm(32), corner)
	})
	returnList(n, sum)
}

// compress lists one window's gradients that are not zero, position by position.
func compress() {
	define("compressList", "func(at *int32, value *float32, n int, spans *int32, positions int, dz *float32, arg *uint8, vectors, step int, order *uint64) int",
		"compressList is compressGo; order[m] has the numbers of the bits set in m as bytes.")
	list, value, n, span := Load(Param("at"), GP64()), Load(Param("value"), GP64()), Load(Param("n"), GP64()), Load(Param("spans"), GP64())
	positions, step, order := Load(Param("positions"), GP64()), Load(Param("step"), GP64()), Load(Param("order"), GP64())
	identity := GLOBL("lanes", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(i))
	}
	lane, eight, position, one, zero := YMM(), YMM(), YMM(), YMM(), YMM()
	broadcast(step, lane)
	VPSLLD(Imm(3), lane, eight)
	VPMULLD(identity, lane, lane)
	VPXOR(position, position, position)
	VPXOR(zero, zero, zero)
	VPCMPEQD(one, one, one)
	VPSRLD(Imm(31), one, one)
	times("positions", positions.(reg.GPVirtual), func() {
		dz, arg, vectors := Load(Param("dz"), GP64()), Load(Param("arg"), GP64()), Load(Param("vectors"), GP64())
		from, place := GP64(), YMM()
		MOVQ(n, from)
		VMOVDQU(lane, place)
		times("vectors", vectors.(reg.GPVirtual), func() {
			d, wanted, nonzero, packed, bits := YMM(), YMM(), YMM(), YMM(), GP64()
			VMOVUPS(Mem{Base: dz}, d)
			VPMOVZXBD(Mem{Base: arg}, wanted)
			VPCMPEQD(position, wanted, wanted)
			VCMPPS(Imm(4), zero, d, nonzero) // not equal, or unordered
			VANDPS(nonzero, wanted, wanted)
			VMOVMSKPS(wanted, bits.As32())
			VPMOVZXBD(at(order, bits, 8, 0), packed)
			VPERMPS(d, packed, d)
			VPERMD(place, packed, packed)
			VMOVUPS(d, at(value, n, 4, 0))
			VMOVDQU(packed, at(list, n, 4, 0))
			POPCNTL(bits.As32(), bits.As32())
			ADDQ(bits, n)
			VPADDD(eight, place, place)
			ADDQ(Imm(32), dz)
			ADDQ(Imm(8), arg)
		})
		endSpan(span, from, n)
		VPADDD(one, position, position)
	})
	Store(n, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// endSpan writes where a span's list begins and how much it has, and goes to the
// next span.
func endSpan(span reg.Register, from reg.GPVirtual, n reg.Register) {
	MOVL(from.As32(), Mem{Base: span, Disp: 4})
	found := GP64()
	MOVQ(n, found)
	SUBQ(from, found)
	MOVL(found.As32(), Mem{Base: span, Disp: 8})
	ADDQ(Imm(12), span)
}

// broadcast copies a 32-bit integer to all lanes.
func broadcast(r reg.Register, v reg.VecVirtual) {
	VMOVD(r.(reg.GPVirtual).As32(), v.AsX())
	VPBROADCASTD(v.AsX(), v)
}
