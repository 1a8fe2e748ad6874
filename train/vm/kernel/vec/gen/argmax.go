package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// argmaxShortRows is Argmax of AVX-512 for rows of one vector.
func (w *writer) argmaxShortRows() {
	w.define("argmax", "(into *int, x *float, rows, n int)", fmt.Sprintf("is Argmax for rows of at most %d numbers; rows, n > 0.", w.Lanes))
	into := avx.Register("into")
	w.eachShortRow(func(y, least vector, mask Op, _ reg.GPVirtual) {
		top, ordered, equal := w.New(), K(), K()
		w.Compare(Imm(0x07), y, y, mask, ordered) // no NaN
		w.Spread(w.halves(w.Choose(ordered, y, least), w.Max).AsX(), top)
		w.Compare(Imm(0x00), top, y, mask, equal)
		first, numbers := GP64(), GP64()
		KMOVW(equal, first.As32())
		BSFL(first.As32(), first.As32())
		KMOVW(ordered, numbers.As32())
		TESTL(U32(1), numbers.As32())
		JNZ(LabelRef("number"))
		XORL(first.As32(), first.As32()) // nothing is larger than a NaN
		Label("number")
		MOVQ(first, Mem{Base: into})
		ADDQ(Imm(8), into)
	})
}
