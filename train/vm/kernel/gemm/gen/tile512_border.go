package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// begin sets the sums to zero or to C.
func (t wideTile) begin(f *wideFrame, c reg.GPVirtual) {
	TESTQ(U32(flagLoad), avx.Register("flags"))
	JNZ(LabelRef("load"))
	for _, sums := range f.sums {
		for _, s := range sums {
			VPXORD(s, s, s)
		}
	}
	t.prefetch(c, 0)
	JMP(LabelRef("product"))
	Label("load")
	t.eachRow(c, func(i int, row reg.GPVirtual) {
		for v, s := range f.sums[i] {
			t.load(f, Mem{Base: row, Disp: 64 * v}, v, s)
		}
	})
	Label("product")
}

// prefetch asks for a vector of C's rows.
func (t wideTile) prefetch(c reg.GPVirtual, vector int) {
	t.eachRow(c, func(_ int, row reg.GPVirtual) { PREFETCHT0(Mem{Base: row, Disp: 64 * vector}) })
}

// claim asks for a vector of what is written next, rows as far apart as C's, so that
// no other processor has it when that begins.
func (t wideTile) claim(f *wideFrame, vector int) {
	if t.kind != repeats {
		return
	}
	next, nothing, row := avx.Stored("next"), fmt.Sprint("nothing", vector), reg.RAX
	CMPQ(next, Imm(0))
	JE(LabelRef(nothing))
	ldc := t.Bytes("ldc")
	MOVQ(f.c, row)
	ADDQ(next, row)
	for range t.rows {
		avx.PrefetchToWrite(64 * vector)
		ADDQ(ldc, row)
	}
	Label(nothing)
}

// load reads vector v, of the last only what the mask has.
func (t wideTile) load(f *wideFrame, m Mem, v int, dst avx.Vector) {
	if v == t.vectors-1 {
		t.LoadSome(m, f.last, dst)
	} else {
		t.Float.Load(m, dst)
	}
}

// finish adds C and the bias, applies the activation, and stores.
func (t wideTile) finish(f *wideFrame, c reg.GPVirtual) reg.GPVirtual {
	TESTQ(U32(flagOnto), avx.Register("flags"))
	JZ(LabelRef("bias"))
	t.eachRow(c, func(i int, row reg.GPVirtual) {
		for v, s := range f.sums[i] {
			x := ZMM()
			t.load(f, Mem{Base: row, Disp: 64 * v}, v, x)
			t.Add(s, x, s)
		}
	})
	Label("bias")
	bias := avx.Register("bias")
	TESTQ(bias, bias)
	JZ(LabelRef("activate"))
	for v := range t.vectors {
		x := ZMM()
		t.load(f, Mem{Base: bias, Disp: 64 * v}, v, x)
		for _, sums := range f.sums {
			t.Add(x, sums[v], sums[v])
		}
	}
	Label("activate")
	TESTQ(U32(flagReLU), avx.Register("flags"))
	JZ(LabelRef("store"))
	for _, sums := range f.sums {
		for _, s := range sums {
			t.Rectify512(s, t.magnitude, t.minusZero)
		}
	}
	Label("store")
	return t.eachRow(c, func(i int, row reg.GPVirtual) {
		for v, s := range f.sums[i] {
			if v == t.vectors-1 {
				t.Float.Load(s, f.last, Mem{Base: row, Disp: 64 * v})
			} else {
				t.Float.Load(s, Mem{Base: row, Disp: 64 * v})
			}
		}
	})
}
