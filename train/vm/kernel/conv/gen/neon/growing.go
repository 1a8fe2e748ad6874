package main

import "symgrad/train/vm/kernel/internal/neon"

// growing is a list of values and their places, by the registers that hold its ends,
// compressOrder and the numbers of bits behind it, which lanes are wanted as bits, and
// what is free.
type growing struct{ at, value, order, counts, mask, from int }

// put appends the wanted ones of four values and of their places, moving both to the
// front: values where they are, places to another register or the same.
func (l growing) put(a *neon.Assembly, table, values, places, to neon.V) {
	a.P("ADD R%d<<4, R%d, R%d", l.mask, l.order, l.from)
	a.P("FMOVQ (R%d), F%d", l.from, table)
	a.P("VTBL V%d.B16, [V%d.B16], V%[2]d.B16", table, values)
	a.P("VTBL V%d.B16, [V%d.B16], V%d.B16", table, places, to)
	a.P("FMOVQ F%d, (R%d)", values, l.value)
	a.P("FMOVQ F%d, (R%d)", to, l.at)
	a.P("MOVBU (R%d)(R%d), R%d", l.counts, l.mask, l.mask)
	a.P("ADD R%d<<2, R%d", l.mask, l.value)
	a.P("ADD R%d<<2, R%d", l.mask, l.at)
}
