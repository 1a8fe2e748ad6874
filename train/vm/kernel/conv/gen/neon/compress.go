package main

import "symgrad/train/vm/kernel/internal/neon"

// compress lists one window's gradients that are not zero, position by position.
func compress(a *neon.Assembly) {
	a.Func("compressList", "(at *int32, value *float32, n int, spans *int32, positions int, dz *float32, arg *uint8, vectors, step int, order *uint8) (end int)",
		"is compressGo; order is compressOrder.")
	const at, value, n, span, positions, dz, arg, vectors, step, order = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	const counts, nextDz, nextArg, left, mask, from, begin, list = 10, 11, 12, 13, 14, 15, 19, 20
	const place, first, four, position, one, lanes, powers, d, wanted, here, order4 = 0, 1, 2, 3, 4, 5, 6, 8, 10, 11, 12
	l := growing{at: at, value: value, order: order, counts: counts, mask: mask, from: from}
	a.Param(at, "at", "value", "n", "spans", "positions", "dz", "arg", "vectors", "step", "order")
	a.P("MOVD R%d, R%d", value, list)
	a.P("ADD R%d<<2, R%d", n, at)
	a.P("ADD R%d<<2, R%d", n, value)
	a.P("ADD $256, R%d, R%d", order, counts)
	constant(a, lanes, mask, 0x0101010100000000, 0x0303030302020202)
	constant(a, powers, mask, 1|2<<32, 4|8<<32)
	a.P("LSL $2, R%d, R%d", step, mask)
	a.P("VDUP R%d, V%d.S4", mask, four)
	a.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", first)
	a.P("MOVD $0, R%d", mask)
	for i := 1; i < 4; i++ {
		a.P("ADD R%d, R%d", step, mask)
		a.P("VMOV R%d, V%d.S[%d]", mask, first, i)
	}
	a.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", position)
	a.P("VMOVI $1, V%d.B16", one)
	a.Times(positions, func() {
		a.P("MOVD R%d, R%d", dz, nextDz)
		a.P("MOVD R%d, R%d", arg, nextArg)
		a.P("MOVD R%d, R%d", vectors, left)
		a.P("MOVD R%d, R%d", value, begin)
		a.P("VMOV V%d.B16, V%d.B16", first, place)
		a.Times(left, func() {
			a.P("FMOVD.P 8(R%d), F%d", nextArg, wanted)
			a.P("VCMEQ V%d.B16, V%d.B16, V%[2]d.B16", position, wanted)
			a.P("FLDPQ.P 32(R%d), (F%d, F%d)", nextDz, d, d+1)
			for half := range 2 {
				if half == 1 {
					a.P("VEXT $4, V%d.B16, V%[1]d.B16, V%[1]d.B16", wanted)
				}
				d, none := neon.V(d+half), a.Name()
				a.P("VTBL V%d.B16, [V%d.B16], V%d.B16", lanes, wanted, here)
				a.Add(neon.FCMEQ0.S4(order4, d), neon.BIC.S4(here, here, order4), neon.AND.S4(here, here, powers))
				a.P("VADDV V%d.S4, V%[1]d", here)
				a.P("VMOV V%d.S[0], R%d", here, mask)
				a.P("CBZ R%d, %s", mask, none)
				l.put(a, order4, d, place, here)
				a.Here(none)
				a.Add(neon.ADD.S4(place, place, four))
			}
		})
		a.P("SUB R%d, R%d, R%d", list, begin, from)
		a.P("LSR $2, R%d", from)
		a.P("MOVW R%d, 4(R%d)", from, span)
		a.P("SUB R%d, R%d, R%d", begin, value, from)
		a.P("LSR $2, R%d", from)
		a.P("MOVW R%d, 8(R%d)", from, span)
		a.P("ADD $12, R%d", span)
		a.P("VADD V%d.B16, V%d.B16, V%[2]d.B16", one, position)
	})
	a.P("SUB R%d, R%d, R%d", list, value, from)
	a.P("LSR $2, R%d", from)
	a.P("MOVD R%d, %s", from, a.Place("end"))
	a.P("RET")
}
