package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gatherVectors512 is gatherVectors with AVX-512. The sum has eight lanes still,
// for the same bits.
func gatherVectors512() {
	define("zGatherVectors", "func(at *int32, value, dz *float32, arg *uint8, corner, offset *int32, vectors int) (n int, sum float32)",
		"zGatherVectors is gatherGo for steps of 1 and positions below 16, for sixteen windows at a time.")
	l := list512{Load(Param("at"), GP64()), Load(Param("value"), GP64()), GP64()}
	dz, arg, corner := Load(Param("dz"), GP64()), Load(Param("arg"), GP64()), Load(Param("corner"), GP64())
	offsets, zero, sum := ZMM(), ZMM(), YMM()
	XORQ(l.n, l.n)
	VPXORD(zero, zero, zero)
	VXORPS(sum, sum, sum)
	VMOVDQU32(Mem{Base: Load(Param("offset"), GP64())}, offsets)
	times("vectors", Load(Param("vectors"), GP64()).(reg.GPVirtual), func() {
		d, place, wanted := ZMM(), ZMM(), K()
		VMOVUPS(Mem{Base: dz}, d)
		VPMOVZXBD(Mem{Base: arg}, place)
		VPERMD(offsets, place, place)
		VPADDD(Mem{Base: corner}, place, place)
		VADDPS(Mem{Base: dz}, sum, sum)
		VADDPS(Mem{Base: dz, Disp: 32}, sum, sum)
		VCMPPS(Imm(4), zero, d, wanted) // not equal, or unordered
		l.append(d, place, wanted)
		ADDQ(Imm(64), dz)
		ADDQ(Imm(16), arg)
		ADDQ(Imm(64), corner)
	})
	returnList(l.n, sum)
}

// list512 is a sparseList of n values.
type list512 struct{ at, value, n reg.Register }

// append adds the wanted lanes, and writes a vector.
func (l list512) append(values, places reg.VecVirtual, wanted reg.OpmaskVirtual) {
	packed, placed, bits := ZMM(), ZMM(), GP64()
	KMOVW(wanted, bits.As32())
	VCOMPRESSPS_Z(values, wanted, packed)
	VPCOMPRESSD_Z(places, wanted, placed)
	VMOVUPS(packed, at(l.value, l.n, 4, 0))
	VMOVDQU32(placed, at(l.at, l.n, 4, 0))
	POPCNTL(bits.As32(), bits.As32())
	ADDQ(bits, l.n)
}

// compress512 is compress with AVX-512, for vectors of sixteen maps.
func compress512() {
	define("zCompressList", "func(at *int32, value *float32, n int, spans *int32, positions int, dz *float32, arg *uint8, vectors, step int) int",
		"zCompressList is compressGo for vectors of 16 maps.")
	l := list512{Load(Param("at"), GP64()), Load(Param("value"), GP64()), Load(Param("n"), GP64())}
	span, step := Load(Param("spans"), GP64()), Load(Param("step"), GP64()).(reg.GPVirtual)
	identity := GLOBL("lanes512", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	lane, sixteen, position, one, zero := ZMM(), ZMM(), ZMM(), integer512(1), ZMM()
	VPBROADCASTD(step.As32(), lane)
	VPSLLD(Imm(4), lane, sixteen)
	VPMULLD(identity, lane, lane)
	VPXORD(position, position, position)
	VPXORD(zero, zero, zero)
	times("positions", Load(Param("positions"), GP64()).(reg.GPVirtual), func() {
		dz, arg := Load(Param("dz"), GP64()), Load(Param("arg"), GP64())
		from, place := GP64(), ZMM()
		MOVQ(l.n, from)
		VMOVDQA32(lane, place)
		times("vectors", Load(Param("vectors"), GP64()).(reg.GPVirtual), func() {
			d, argument, here, wanted := ZMM(), ZMM(), K(), K()
			VMOVUPS(Mem{Base: dz}, d)
			VPMOVZXBD(Mem{Base: arg}, argument)
			VPCMPEQD(position, argument, here)
			VCMPPS(Imm(4), zero, d, here, wanted) // not equal, or unordered
			l.append(d, place, wanted)
			VPADDD(sixteen, place, place)
			ADDQ(Imm(64), dz)
			ADDQ(Imm(16), arg)
		})
		endSpan(span, from, l.n)
		VPADDD(one, position, position)
	})
	Store(l.n, ReturnIndex(0))
	VZEROUPPER()
	RET()
}
