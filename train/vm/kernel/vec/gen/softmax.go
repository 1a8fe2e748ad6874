package main

import (
	"fmt"

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
	ANDQ(I8(-w.Lanes), whole)
	MOVQ(n, rest)
	SUBQ(whole, rest)
	w.Scale(whole)
	mask, least := w.tailMask(rest), YMM()
	Label("row")
	w.Load(w.constant("minusInfinity"), least)
	top := YMM()
	w.Mask(Mem{Base: x, Index: whole, Scale: 1}, mask, top)
	w.Blend(mask, top, least, top)
	eachVector("max", whole, func(at reg.GPVirtual) {
		w.Max(Mem{Base: x, Index: at, Scale: 1}, top, top)
	})
	w.across(top, w.Max)
	w.store(top, tops)
	sum, last := YMM(), YMM()
	w.Mask(Mem{Base: x, Index: whole, Scale: 1}, mask, last)
	w.Sub(top, last, last)
	last = w.exp(last)
	w.Mask(last, mask, Mem{Base: dst, Index: whole, Scale: 1})
	w.And(mask, last, sum)
	eachVector("exp", whole, func(at reg.GPVirtual) {
		y := YMM()
		w.Load(Mem{Base: x, Index: at, Scale: 1}, y)
		w.Sub(top, y, y)
		y = w.exp(y)
		w.Load(y, Mem{Base: dst, Index: at, Scale: 1})
		w.Add(y, sum, sum)
	})
	w.across(sum, w.Add)
	w.store(sum, sums)
	LEAQ(Mem{Base: x, Index: n, Scale: uint8(w.Bits / 8)}, x)
	LEAQ(Mem{Base: dst, Index: n, Scale: uint8(w.Bits / 8)}, dst)
	ADDQ(Imm(uint64(w.Bits/8)), tops)
	ADDQ(Imm(uint64(w.Bits/8)), sums)
	DECQ(rows)
	JNZ(LabelRef("row"))
	avx.Leave()
}

// expShortRows is expRows of AVX-512 for rows of one vector, whose halves are AVX2's
// two: sums have the same bits.
func (w *writer) expShortRows() {
	w.define("expRows", "(dst, x *float, rows, n int, tops, sums *float)",
		fmt.Sprintf("is expRows for rows of at most %d numbers.", w.Lanes))
	tops, sums := avx.Register("tops"), avx.Register("sums")
	w.shortRows(func(y, top, sum vector) vector {
		w.store(top, tops)
		w.store(sum, sums)
		ADDQ(Imm(uint64(w.Bits/8)), tops)
		ADDQ(Imm(uint64(w.Bits/8)), sums)
		return y
	})
}

// softmaxShortRows is Softmax of AVX-512 for rows of one vector.
func (w *writer) softmaxShortRows() {
	w.define("softmax", "(dst, x *float, rows, n int)", fmt.Sprintf("is Softmax for rows of at most %d numbers; rows, n > 0.", w.Lanes))
	w.shortRows(func(y, _, sum vector) vector {
		one, share := YMM(), w.New()
		w.Load(w.constant("one"), one)
		w.Div(sum, one, one)
		w.Spread(one.AsX(), share)
		return avx.Apply(w.Mul, share, y)
	})
}

// shortRows exponentiates rows of one vector; finish gives what is stored of e^(x -
// top), from top and the sum in all lanes of 32 bytes.
func (w *writer) shortRows(finish func(y, top, sum vector) vector) {
	dst := avx.Register("dst")
	w.eachShortRow(func(y, least vector, mask Op, size reg.GPVirtual) {
		top, tops := w.halves(w.Choose(mask, y, least), w.Max), w.New()
		w.Spread(top.AsX(), tops)
		w.Sub(tops, y, y)
		y = w.exp(y)
		sum := w.halves(w.Keep(mask, y), w.Add)
		w.Load(finish(y, top, sum), mask, Mem{Base: dst})
		ADDQ(size, dst)
	})
}

// eachShortRow runs body for rows of n numbers at x, at most a vector: y has zeros
// after the row, whose lanes are in mask, least is minus infinity everywhere, and size
// the bytes of a row.
func (w *writer) eachShortRow(body func(y, least vector, mask Op, size reg.GPVirtual)) {
	x, rows := avx.Register("x"), avx.Register("rows")
	n, size := avx.Register("n"), GP64()
	MOVQ(n, size)
	w.Scale(size)
	mask, least := w.tailMask(n), w.Copy(w.constant("minusInfinity"))
	Label("row")
	y := w.New()
	w.LoadSome(Mem{Base: x}, mask, y)
	body(y, least, mask, size)
	ADDQ(size, x)
	DECQ(rows)
	JNZ(LabelRef("row"))
	avx.Leave()
}

// halves combines the lanes of 64 bytes: the halves' first, and then as across.
func (w *writer) halves(v vector, op func(...Op)) vector {
	high := YMM()
	VEXTRACTF64X4(Imm(1), v, high)
	op(v.AsY(), high, high)
	w.across(high, op)
	return high
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

// store writes the first number of v.
func (w *writer) store(v vector, to reg.Register) {
	if w.Bits == 32 {
		VMOVSS(v.AsX(), Mem{Base: to})
	} else {
		VMOVSD(v.AsX(), Mem{Base: to})
	}
}

// across combines the lanes of v into all lanes.
func (w *writer) across(v vector, op func(...Op)) {
	other := YMM()
	VPERM2F128(Imm(1), v, v, other)
	op(other, v, v)
	swaps := []uint64{0x4E, 0xB1} // halves of 16 bytes, neighbours of 4
	if w.Bits == 64 {
		swaps = swaps[:1]
	}
	for _, swap := range swaps {
		VSHUFPS(Imm(swap), v, v, other)
		op(other, v, v)
	}
}
