package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

// transposeStrip transposes blocks of 8x8 in a strip of eight rows.
func (w *writer) transposeStrip() {
	w.define("transposeStrip", "(dst *float, dstStep int, src *float, srcStep, blocks int)",
		"transposes eight rows of 8*blocks floats.")
	dst, dstStep, src, srcStep := avx.Register("dst"), w.Bytes("dstStep"), avx.Register("src"), w.Bytes("srcStep")
	avx.Times("blocks", avx.Register("blocks"), func() {
		a, b := avx.Vectors(8), avx.Vectors(8)
		p := GP64()
		MOVQ(src, p)
		for i := range a {
			VMOVUPS(Mem{Base: p}, a[i])
			if i < 7 {
				ADDQ(srcStep, p)
			}
		}
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
			VMOVUPS(b[i], Mem{Base: dst})
			ADDQ(dstStep, dst)
		}
		ADDQ(Imm(32), src)
	})
	avx.Leave()
}
