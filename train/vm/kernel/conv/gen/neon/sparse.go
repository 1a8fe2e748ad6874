package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// listed loads the next place of a list of places, as an address from base on, and
// the next value.
func listed(a *neon.Assembly, at, value, base, to int, d neon.V) {
	a.P("MOVW.P 4(R%d), R%d", at, to)
	a.P("FMOVS.P 4(R%d), F%d", value, d)
	a.P("ADD R%d<<2, R%d, R%d", to, base, to)
}

// storeSums stores registers from a base on, and the last one wherever it lies, if
// that is not -1.
func storeSums(a *neon.Assembly, sums []neon.V, base, last int) {
	whole := len(sums)
	if last >= 0 {
		whole--
		a.P("FMOVQ F%d, (R%d)", sums[whole], last)
	}
	for i := 0; i+1 < whole; i += 2 {
		a.StorePair(16*i, base, sums[i], sums[i+1])
	}
	if whole%2 == 1 {
		a.P("FMOVQ F%d, %d(R%d)", sums[whole-1], 16*(whole-1), base)
	}
}

// addTimes adds to sums what lies at base, and the last at last, times d.
func addTimes(a *neon.Assembly, sums []neon.V, base, last int, d neon.V) {
	values := registers(25, 6)
	for start := 0; start < len(sums); start += len(values) {
		some := sums[start:min(start+len(values), len(sums))]
		end := last
		if start+len(some) < len(sums) {
			end = -1
		}
		loadFrom(a, values[:len(some)], base, 16*start, end)
		for i, s := range some {
			a.Add(neon.FMLAByLane.S4(s, values[i], d, 0))
		}
	}
}

// loadFrom is storeSums' way back, from an offset on.
func loadFrom(a *neon.Assembly, to []neon.V, base, offset, last int) {
	whole := len(to)
	if last >= 0 {
		whole--
		a.P("FMOVQ (R%d), F%d", last, to[whole])
	}
	for i := 0; i+1 < whole; i += 2 {
		a.Pair(offset+16*i, base, to[i], to[i+1])
	}
	if whole%2 == 1 {
		a.P("FMOVQ %d(R%d), F%d", offset+16*(whole-1), base, to[whole-1])
	}
}

// patchRows adds listed values times their patches' rows, of registers of four, to an
// accumulator's rows. Where a row does not end with a register, its last one lies last
// bytes from the beginning and overlaps the one before, to the same sums.
func patchRows(a *neon.Assembly, n int, whole bool) {
	name, doc := fmt.Sprintf("patch%d", n), fmt.Sprintf("is patchRowsGo for %d floats; count > 0.", 4*n)
	signature := "(acc, x *float32, at *int32, value *float32, count, rows, accStep, xStep int)"
	if !whole {
		name, doc = fmt.Sprintf("patchTo%d", n), fmt.Sprintf("is patchRowsGo for rows of up to %d floats, whose last four are last bytes from the first; count > 0.", 4*n)
		signature = "(acc, x *float32, at *int32, value *float32, count, rows, accStep, xStep, last int)"
	}
	a.Func(name, signature, doc)
	const acc, x, at, value, count, rows, accStep, xStep, last = 0, 1, 2, 3, 4, 5, 6, 7, 8
	const nextAt, nextValue, left, place = 9, 10, 11, 12
	a.Param(acc, "acc", "x", "at", "value", "count", "rows", "accStep", "xStep")
	accLast, xLast := -1, -1
	if !whole {
		a.Param(last, "last")
		accLast, xLast = 13, 14
	}
	sums := registers(0, n)
	a.Times(rows, func() {
		if !whole {
			a.P("ADD R%d, R%d, R%d", last, acc, accLast)
		}
		loadFrom(a, sums, acc, 0, accLast)
		a.P("MOVD R%d, R%d", at, nextAt)
		a.P("MOVD R%d, R%d", value, nextValue)
		a.P("MOVD R%d, R%d", count, left)
		a.Times(left, func() {
			listed(a, nextAt, nextValue, x, place, 24)
			if !whole {
				a.P("ADD R%d, R%d, R%d", last, place, xLast)
			}
			addTimes(a, sums, place, xLast, 24)
		})
		storeSums(a, sums, acc, accLast)
		a.P("ADD R%d<<2, R%d", accStep, acc)
		a.P("ADD R%d<<2, R%d", xStep, x)
	})
	a.P("RET")
}

// spreadRows adds at each span's place the listed values times filter rows.
func spreadRows(a *neon.Assembly, n int) {
	a.Func(fmt.Sprintf("spreadRows%d", n), "(dx, w *float32, at *int32, value *float32, spans *int32, count int)",
		fmt.Sprintf("is spreadRowsGo for %d floats.", 8*n))
	const dx, w, at, value, span, count, to, first, left, nextAt, nextValue, place = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
	a.Param(dx, "dx", "w", "at", "value", "spans", "count")
	sums := registers(0, 2*n)
	a.Times(count, func() {
		next := a.Name()
		a.P("MOVW 8(R%d), R%d", span, left)
		a.P("CBZ R%d, %s", left, next)
		a.P("MOVW (R%d), R%d", span, to)
		a.P("ADD R%d<<2, R%d, R%d", to, dx, to)
		a.P("MOVW 4(R%d), R%d", span, first)
		a.P("ADD R%d<<2, R%d, R%d", first, at, nextAt)
		a.P("ADD R%d<<2, R%d, R%d", first, value, nextValue)
		loadFrom(a, sums, to, 0, -1)
		a.Times(left, func() {
			listed(a, nextAt, nextValue, w, place, 24)
			addTimes(a, sums, place, -1, 24)
		})
		storeSums(a, sums, to, -1)
		a.Here(next)
		a.P("ADD $12, R%d", span)
	})
	a.P("RET")
}
