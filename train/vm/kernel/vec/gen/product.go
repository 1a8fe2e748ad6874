package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// matVec multiplies rows of n numbers by a vector, four rows at a time. Element j
// goes to lane j mod a vector's; lanes are added by neighbours, then halves.
func (w *writer) matVec() {
	w.define("matVec", "(dst, a, x *float, rows, n int)", "is MatVec for n > 0.")
	dst, a, x := avx.Register("dst"), avx.Register("a"), avx.Register("x")
	rows, stride := avx.Register("rows"), w.Bytes("n")
	four := GP64()
	MOVQ(rows, four)
	SHRQ(Imm(2), four)
	ANDQ(Imm(3), rows)
	avx.Times("four", four, func() {
		w.dots("fours", 4, dst, a, x, stride)
	})
	avx.Times("one", rows, func() {
		w.dots("ones", 1, dst, a, x, stride)
	})
	avx.Leave()
}

// dots stores the products of so many rows, and goes on behind them.
func (w *writer) dots(name string, count int, dst, a, x, stride reg.GPVirtual) {
	row, sums := make([]reg.GPVirtual, count), w.zeros(count)
	for i := range row {
		row[i] = GP64()
		if i == 0 {
			MOVQ(a, row[i])
		} else {
			LEAQ(Mem{Base: row[i-1], Index: stride, Scale: 1}, row[i])
		}
	}
	n, at := GP64(), GP64()
	XORQ(at, at)
	MOVQ(stride, n)
	SHRQ(Imm(uint64(w.Bits/32+1)), n) // in numbers
	each := func(mask Op) {
		v := YMM()
		w.Move(Mem{Base: x, Index: at, Scale: 1}, v, mask)
		if mask != nil { // lanes past the end get 0 times -0, which changes nothing, not even -0
			w.Or(avx.Apply(w.AndNot, w.constant("minusZero"), mask.(vector)), v, v)
		}
		for i, s := range sums {
			if mask == nil {
				w.FMA231(Mem{Base: row[i], Index: at, Scale: 1}, v, s)
				continue
			}
			last := YMM()
			w.Mask(Mem{Base: row[i], Index: at, Scale: 1}, mask, last)
			w.FMA231(last, v, s)
		}
	}
	w.rounds(name, n, at, 1, func() { each(nil) })
	TESTQ(n, n)
	JZ(LabelRef(name + "_sum"))
	each(w.tailMask(n))
	Label(name + "_sum")
	w.storeSums(dst, sums)
	last := row[count-1]
	LEAQ(Mem{Base: last, Index: stride, Scale: 1}, a)
	ADDQ(Imm(uint64(count*w.Bits/8)), dst)
}

// storeSums writes the sum of each vector's lanes: one vector, or four.
func (w *writer) storeSums(dst reg.GPVirtual, v []vector) {
	add := VHADDPS
	if w.Bits == 64 {
		add = VHADDPD
	}
	pair := func(a, b vector) vector {
		r := YMM()
		add(b, a, r)
		return r
	}
	fold := func(r vector) Op {
		high := XMM()
		VEXTRACTF128(Imm(1), r, high)
		w.Add(high, r.AsX(), high)
		return high
	}
	switch {
	case len(v) == 1 && w.Bits == 32:
		r := pair(v[0], v[0])
		VMOVSS(fold(pair(r, r)), Mem{Base: dst})
	case len(v) == 1:
		VMOVSD(fold(pair(v[0], v[0])), Mem{Base: dst})
	case w.Bits == 32:
		VMOVUPS(fold(pair(pair(v[0], v[1]), pair(v[2], v[3]))), Mem{Base: dst})
	default:
		VMOVUPD(fold(pair(v[0], v[1])), Mem{Base: dst})
		VMOVUPD(fold(pair(v[2], v[3])), Mem{Base: dst, Disp: 16})
	}
}

// outer multiplies every number of x by every one of y.
func (w *writer) outer() {
	w.define("outer", "(dst, x, y *float, rows, n int)", "is Outer for n > 0.")
	dst, x, y, rows, columns := avx.Register("dst"), avx.Register("x"), avx.Register("y"), avx.Register("rows"), avx.Register("n")
	avx.Times("row", rows, func() {
		s, n, at := YMM(), GP64(), GP64()
		w.Spread(Mem{Base: x}, s)
		MOVQ(columns, n)
		XORQ(at, at)
		each := func(vectors int, mask Op) {
			for i := range vectors {
				v := YMM()
				w.Move(Mem{Base: y, Index: at, Scale: 1, Disp: 32 * i}, v, mask)
				w.Mul(s, v, v)
				w.Move(v, Mem{Base: dst, Index: at, Scale: 1, Disp: 32 * i}, mask)
			}
		}
		w.rounds("four", n, at, 4, func() { each(4, nil) })
		w.rounds("vector", n, at, 1, func() { each(1, nil) })
		TESTQ(n, n)
		JZ(LabelRef("next"))
		each(1, w.tailMask(n))
		Label("next")
		LEAQ(Mem{Base: dst, Index: columns, Scale: uint8(w.Bits / 8)}, dst)
		ADDQ(Imm(uint64(w.Bits/8)), x)
	})
	avx.Leave()
}
