package main

import "symgrad/train/vm/kernel/internal/neon"

// gather lists one map's gradients that are not zero.
func gather(a *neon.Assembly) {
	a.Func("gatherList", "(at *int32, value, dz *float32, dzStep int, arg *uint8, argStep int, corner, offset *int32, count int) (n int, sum float32)",
		"is gatherGo; count > 0. It writes up to a vector past the list.")
	const at, value, dz, dzStep, arg, argStep, corner, offset, count, n, place, d = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	a.Param(at, "at", "value", "dz", "dzStep", "arg", "argStep", "corner", "offset", "count")
	a.P("LSL $2, R%d", dzStep)
	a.P("MOVD $0, R%d", n)
	a.Times(count, func() {
		a.P("MOVBU (R%d), R%d", arg, place)
		a.P("MOVWU (R%d), R%d", dz, d)
		a.P("MOVWU (R%d)(R%d<<2), R%d", offset, place, place)
		a.P("MOVWU.P 4(R%d), R%d", corner, count+4)
		a.P("ADDW R%d, R%d", count+4, place)
		a.P("MOVW R%d, (R%d)(R%d<<2)", place, at, n)
		a.P("MOVW R%d, (R%d)(R%d<<2)", d, value, n)
		a.P("TSTW $0x7FFFFFFF, R%d", d) // but for the sign: zero for both zeros
		a.P("CINC NE, R%d, R%d", n, n)
		a.P("ADD R%d, R%d", dzStep, dz)
		a.P("ADD R%d, R%d", argStep, arg)
	})
	for _, v := range []neon.V{0, 1} {
		a.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", v)
	}
	a.P("ADD R%d<<2, R%d, R%d", n, value, place)
	a.StorePair(0, place, 0, 1) // up to the next whole vector
	a.P("ADD $7, R%d, R%d", n, count)
	a.P("LSR $3, R%d", count)
	a.Times(count, func() {
		a.P("FLDPQ.P 32(R%d), (F2, F3)", value)
		a.Add(neon.FADD.S4(0, 0, 2), neon.FADD.S4(1, 1, 3))
	})
	returnList(a, n)
}

// returnList ends a function with a list's length and the sum of the eight lanes of the
// registers 0 and 1.
func returnList(a *neon.Assembly, n int) {
	a.Add(neon.FADD.S4(0, 0, 1), neon.FADDP.S4(0, 0, 0), neon.FADDP.S4(0, 0, 0))
	a.P("MOVD R%d, %s", n, a.Place("n"))
	a.P("FMOVS F0, %s", a.Place("sum"))
	a.P("RET")
}

// gatherVectors is gather for contiguous gradients and at most eight positions.
func gatherVectors(a *neon.Assembly) {
	a.Func("gatherVectors", "(at *int32, value, dz *float32, arg *uint8, corner, offset *int32, vectors int, order *uint8) (n int, sum float32)",
		"is gatherGo for steps of 1 and positions below 8, for eight windows at a time; order is compressOrder.")
	const at, value, dz, arg, corner, offset, vectors, order, n, mask, from = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	const counts, scratch = 11, 12
	const offsets, lanes, bytes, powers, position, d, places, corners = 2, 4, 5, 6, 7, 8, 10, 12
	l := growing{at: at, value: value, order: order, counts: counts, mask: mask, from: from}
	a.Param(at, "at", "value", "dz", "arg", "corner", "offset", "vectors", "order")
	a.P("MOVD R%d, R%d", value, n)
	a.P("ADD $256, R%d, R%d", order, counts)
	a.Pair(0, offset, offsets, offsets+1)
	for v := range 2 {
		a.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", v)
	}
	constant(a, lanes, scratch, 0x0101010100000000, 0x0303030302020202)
	constant(a, bytes, scratch, 0x0302010003020100, 0x0302010003020100)
	constant(a, powers, scratch, 1|2<<32, 4|8<<32)
	a.Times(vectors, func() {
		a.P("FMOVD.P 8(R%d), F%d", arg, position)
		a.P("VSHL $2, V%d.B16, V%[1]d.B16", position)
		a.P("FLDPQ.P 32(R%d), (F%d, F%d)", dz, d, d+1)
		a.P("FLDPQ.P 32(R%d), (F%d, F%d)", corner, corners, corners+1)
		for half := range neon.V(2) {
			d, places := d+half, places+half
			if half == 1 {
				a.P("VEXT $4, V%d.B16, V%[1]d.B16, V%[1]d.B16", position)
			}
			a.Add(neon.FADD.S4(half, half, d), neon.FCMEQ0.S4(14, d), neon.BIC.S4(14, powers, 14))
			a.P("VADDV V14.S4, V14")
			a.P("VMOV V14.S[0], R%d", mask)
			a.P("VTBL V%d.B16, [V%d.B16], V%d.B16", lanes, position, places)
			a.P("VADD V%d.B16, V%d.B16, V%[2]d.B16", bytes, places)
			a.P("VTBL V%d.B16, [V%d.B16, V%d.B16], V%[1]d.B16", places, offsets, offsets+1)
			a.Add(neon.ADD.S4(places, places, corners+half))
			l.put(a, 14, d, places, places)
		}
	})
	a.P("SUB R%d, R%d, R%d", n, value, n)
	a.P("LSR $2, R%d", n)
	returnList(a, n)
}

// constant sets a register by way of another one.
func constant(a *neon.Assembly, v neon.V, scratch int, low, high uint64) {
	for i, half := range []uint64{low, high} {
		a.P("MOVD $0x%X, R%d", half, scratch)
		a.P("VMOV R%d, V%d.D[%d]", scratch, v, i)
	}
}
