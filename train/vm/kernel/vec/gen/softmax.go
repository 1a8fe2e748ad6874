package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// expRows is the part of softmax that vectors can do.
func (w *writer) expRows() {
	w.define("expRows", "(dst, x *float, rows, n int, tops, sums *float)",
		"sets dst to e^(x - top) for rows of n, top being a row's maximum, and gives the tops and the sums of dst; n > 0.")
	dst, x, rows := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("rows"), GP64())
	tops, sums := Load(Param("tops"), GP64()), Load(Param("sums"), GP64())
	n, whole, rest := Load(Param("n"), GP64()), GP64(), GP64()
	MOVQ(n, whole)
	ANDQ(I8(-8), whole)
	MOVQ(n, rest)
	SUBQ(whole, rest)
	SHLQ(Imm(2), whole)
	mask, least := w.tailMask(rest), YMM()
	Label("row")
	VMOVUPS(w.constant("minusInfinity"), least)
	top := YMM()
	VMASKMOVPS(Mem{Base: x, Index: whole, Scale: 1}, mask, top)
	VBLENDVPS(mask, top, least, top)
	eachVector("max", whole, func(at reg.GPVirtual) {
		VMAXPS(Mem{Base: x, Index: at, Scale: 1}, top, top)
	})
	across(top, VMAXPS)
	VMOVSS(top.AsX(), Mem{Base: tops})
	sum, last := YMM(), YMM()
	VMASKMOVPS(Mem{Base: x, Index: whole, Scale: 1}, mask, last)
	VSUBPS(top, last, last)
	last = w.exp(last)
	VMASKMOVPS(last, mask, Mem{Base: dst, Index: whole, Scale: 1})
	VANDPS(mask, last, sum)
	eachVector("exp", whole, func(at reg.GPVirtual) {
		y := YMM()
		VMOVUPS(Mem{Base: x, Index: at, Scale: 1}, y)
		VSUBPS(top, y, y)
		y = w.exp(y)
		VMOVUPS(y, Mem{Base: dst, Index: at, Scale: 1})
		VADDPS(y, sum, sum)
	})
	across(sum, VADDPS)
	VMOVSS(sum.AsX(), Mem{Base: sums})
	LEAQ(Mem{Base: x, Index: n, Scale: 4}, x)
	LEAQ(Mem{Base: dst, Index: n, Scale: 4}, dst)
	ADDQ(Imm(4), tops)
	ADDQ(Imm(4), sums)
	DECQ(rows)
	JNZ(LabelRef("row"))
	avx.Leave()
}

// eachVector runs body for offsets from 0 to so many bytes.
func eachVector(name string, bytes reg.GPVirtual, body func(at reg.GPVirtual)) {
	at := GP64()
	XORQ(at, at)
	JMP(LabelRef(name + "_test"))
	Label(name)
	body(at)
	ADDQ(Imm(32), at)
	Label(name + "_test")
	CMPQ(at, bytes)
	JL(LabelRef(name))
}

// across combines the lanes of v into all lanes.
func across(v vector, op func(...Op)) {
	other := YMM()
	VPERM2F128(Imm(1), v, v, other)
	op(other, v, v)
	for _, swap := range []uint64{0x4E, 0xB1} { // halves, neighbours
		VSHUFPS(Imm(swap), v, v, other)
		op(other, v, v)
	}
}
