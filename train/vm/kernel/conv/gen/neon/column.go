package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// patchColumn is patchRows for several rows of up to eight floats at once, with two
// sums for each. parts is the registers of a row, none for rows of three floats.
func patchColumn(a *neon.Assembly, rows, parts int) {
	a.Func(fmt.Sprintf("column%dx%d", rows, parts), "(acc, x *float32, at *int32, value *float32, count, xStep, last int)",
		fmt.Sprintf("is patchRowsGo for %d rows, 8 floats apart in acc, of %s; count > 0.", rows,
			[]string{"three floats", "four", "up to eight, the last four last bytes from the first"}[parts]))
	const acc, x, at, value, count, xStep, last, place, end, pairs = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	a.Param(acc, "acc", "x", "at", "value", "count", "xStep", "last")
	a.P("LSL $2, R%d", xStep)
	each := max(parts, 1)
	sums, more := registers(0, rows*each), registers(rows*each, rows*each)
	a.P("ADD R%d, R%d, R%d", last, acc, end)
	for r := range rows {
		a.P("FMOVQ %d(R%d), F%d", 32*r, acc, sums[r*each])
		if parts == 2 {
			a.P("FMOVQ %d(R%d), F%d", 0, end, sums[r*each+1])
			a.P("ADD $32, R%d", end)
		}
	}
	for _, v := range more {
		a.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", v)
	}
	add := func(to []neon.V) {
		listed(a, at, value, x, place, 24)
		switch parts {
		case 0:
			a.P("ADD $8, R%d, R%d", place, end)
		case 2:
			a.P("ADD R%d, R%d, R%d", last, place, end)
		}
		for i, s := range to {
			v := neon.V(25 + i%6)
			switch {
			case parts == 0:
				a.P("FMOVD (R%d), F%d", place, v)
				a.P("VLD1 (R%d), V%d.S[2]", end, v)
				a.P("ADD R%d, R%d", xStep, place)
				a.P("ADD R%d, R%d", xStep, end)
			case i%parts == 0:
				a.P("VLD1.P (R%d)(R%d), [V%d.S4]", place, xStep, v)
			default:
				a.P("VLD1.P (R%d)(R%d), [V%d.S4]", end, xStep, v)
			}
			a.Add(neon.FMLAByLane.S4(s, v, 24, 0))
		}
	}
	a.P("LSR $1, R%d, R%d", count, pairs)
	a.Times(pairs, func() {
		add(sums)
		add(more)
	})
	a.P("AND $1, R%d", count)
	a.Times(count, func() { add(sums) })
	a.P("ADD R%d, R%d, R%d", last, acc, end)
	for i, s := range sums {
		a.Add(neon.FADD.S4(s, s, more[i]))
		if i%each == 0 {
			a.P("FMOVQ F%d, %d(R%d)", s, 32*(i/each), acc)
		} else {
			a.P("FMOVQ F%d, (R%d)", s, end)
			a.P("ADD $32, R%d", end)
		}
	}
	a.P("RET")
}
