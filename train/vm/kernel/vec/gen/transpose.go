package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

// transposeStrip transposes square blocks in a strip of as many rows as a vector
// has lanes.
func (w *writer) transposeStrip() {
	w.define("transposeStrip", "(dst *float, dstStep int, src *float, srcStep, blocks int)",
		fmt.Sprintf("transposes %[1]d rows of %[1]d*blocks numbers.", w.Lanes))
	dst, dstStep, src, srcStep := avx.Register("dst"), w.Bytes("dstStep"), avx.Register("src"), w.Bytes("srcStep")
	avx.Times("blocks", avx.Register("blocks"), func() {
		a, b := avx.Vectors(w.Lanes), avx.Vectors(w.Lanes)
		p := GP64()
		MOVQ(src, p)
		for i := range a {
			VMOVUPS(Mem{Base: p}, a[i])
			if i < w.Lanes-1 {
				ADDQ(srcStep, p)
			}
		}
		if w.Bits == 32 {
			transpose8(a, b)
		} else {
			transpose4(a, b)
		}
		for _, row := range b {
			VMOVUPS(row, Mem{Base: dst})
			ADDQ(dstStep, dst)
		}
		ADDQ(Imm(32), src)
	})
	avx.Leave()
}

// transpose8 transposes a, 8 x 8 floats, to b; a is used up.
func transpose8(a, b []vector) {
	for i := 0; i < 8; i += 2 {
		VUNPCKLPS(a[i+1], a[i], b[i])
		VUNPCKHPS(a[i+1], a[i], b[i+1])
	}
	for i := 0; i < 8; i += 4 {
		VSHUFPS(Imm(0x44), b[i+2], b[i], a[i])
		VSHUFPS(Imm(0xEE), b[i+2], b[i], a[i+1])
		VSHUFPS(Imm(0x44), b[i+3], b[i+1], a[i+2])
		VSHUFPS(Imm(0xEE), b[i+3], b[i+1], a[i+3])
	}
	for i := range 8 {
		half := Imm(0x20)
		if i >= 4 {
			half = Imm(0x31)
		}
		VPERM2F128(half, a[4+i%4], a[i%4], b[i])
	}
}

// transpose4 transposes a, 4 x 4 doubles, to b; a is used up.
func transpose4(a, b []vector) {
	for i := 0; i < 4; i += 2 {
		VUNPCKLPD(a[i+1], a[i], b[i])
		VUNPCKHPD(a[i+1], a[i], b[i+1])
	}
	for i := range 2 {
		VPERM2F128(Imm(0x20), b[2+i], b[i], a[i])
		VPERM2F128(Imm(0x31), b[2+i], b[i], a[2+i])
	}
	copy(b, a)
}
