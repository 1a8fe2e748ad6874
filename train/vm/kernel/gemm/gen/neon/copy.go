package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// copyStrip copies rows of 64 bytes.
func copyStrip(a *neon.Assembly) {
	a.Func("copyStrip", "(dst, src *float32, stride, rows int)", "copies rows of 16 numbers, a stride apart, to where they are adjacent.")
	a.Param(0, "dst", "src", "stride", "rows")
	a.P("LSL $2, R2")
	a.Times(3, func() {
		a.Pair(0, 1, 0, 1)
		a.Pair(32, 1, 2, 3)
		a.StorePair(0, 0, 0, 1)
		a.StorePair(32, 0, 2, 3)
		a.P("ADD R2, R1")
		a.P("ADD $64, R0")
	})
	a.P("RET")
}

// packColumns copies six numbers of each row.
func packColumns(a *neon.Assembly, bits int) {
	a.Func(fmt.Sprint("sixes", bits), fmt.Sprintf("(dst, src *float%d, stride, rows int)", bits), "is packSixGo.")
	a.Param(0, "dst", "src", "stride", "rows")
	a.P("LSL $%d, R2", bits/32+1)
	a.Times(3, func() {
		if bits == 32 {
			a.P("FMOVD 16(R1), F1")
			a.P("VLD1.P (R1)(R2), [V0.S4]")
			a.P("FMOVD F1, 16(R0)")
			a.P("FMOVQ.P F0, 24(R0)")
			return
		}
		a.Pair(16, 1, 1, 2)
		a.P("VLD1.P (R1)(R2), [V0.D2]")
		a.StorePair(16, 0, 1, 2)
		a.P("FMOVQ.P F0, 48(R0)")
	})
	a.P("RET")
}
