package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// outer sums products of four maps' gradients, neighbours in memory or not, with n
// registers of the patches. Where those do not end with a register, the last one lies
// last bytes from the beginning and overlaps the one before, to the same sums.
func outer(a *neon.Assembly, n int, neighbours bool) {
	name, of := fmt.Sprintf("outer%d", n), "four maps' gradients"
	if neighbours {
		name, of = fmt.Sprintf("outerNext%d", n), "four neighbouring gradients"
	}
	floats, three := fmt.Sprintf("up to %d floats, the last four of which are last bytes from the first", 4*n), n == 0
	if three {
		floats, n = "three floats, last being 8", 1
	}
	a.Func(name, "(acc, x, dy *float32, last int, t *int)", fmt.Sprintf("is outerGo of %s for %s; t points to an outerTile.", of, floats))
	const acc, x, dy, last, t, rows, cols, xStep, dyStep, xp, dp, end, step = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
	others := [4]int{dp, 13, 14, 15}
	a.Param(acc, "acc", "x", "dy", "last", "t")
	field(a, t, 3, true, xStep)
	field(a, t, 5, true, dyStep)
	const d = 24
	values := registers(28, 4)
	sums := make([][]neon.V, 4)
	each := func(move func(sums []neon.V, base, last int)) {
		for p := range sums {
			sums[p] = registers(n*p, n)
			base := acc
			if p > 0 {
				base = xp
				field(a, t, 8+p, true, xp)
				a.P("ADD R%d, R%d", acc, xp)
			}
			if three { // the accumulator has room for eight
				move(sums[p], base, base)
				continue
			}
			a.P("ADD R%d, R%d, R%d", last, base, end)
			move(sums[p], base, end)
		}
	}
	each(func(sums []neon.V, base, last int) { loadFrom(a, sums, base, 0, last) })
	field(a, t, 0, false, rows)
	a.Times(rows, func() {
		a.P("MOVD R%d, R%d", x, xp)
		a.P("MOVD R%d, R%d", dy, dp)
		for p := 1; p < 4 && !neighbours; p++ {
			field(a, t, 5+p, true, others[p])
			a.P("ADD R%d, R%d", dy, others[p])
		}
		field(a, t, 1, false, cols)
		a.Times(cols, func() {
			gradient := func(p int) (neon.V, int) { return d, p }
			if neighbours {
				a.P("FMOVQ (R%d), F%d", dp, d)
				a.P("ADD R%d, R%d", dyStep, dp)
			} else {
				gradient = func(p int) (neon.V, int) { return neon.V(d + p), 0 }
				for p, from := range others {
					a.P("FMOVS (R%d), F%d", from, d+p)
					a.P("ADD R%d, R%d", dyStep, from)
				}
			}
			a.P("ADD R%d, R%d, R%d", last, xp, end)
			for v := 0; v < n; v += 2 {
				some := values[v%4 : v%4+min(2, n-v)]
				switch {
				case three:
					a.P("FMOVD (R%d), F%d", xp, some[0])
					a.P("VLD1 (R%d), V%d.S[2]", end, some[0])
				case v+2 < n:
					loadFrom(a, some, xp, 16*v, -1)
				default:
					loadFrom(a, some, xp, 16*v, end)
				}
				for p := range sums {
					r, lane := gradient(p)
					for i, value := range some {
						a.Add(neon.FMLAByLane.S4(sums[p][v+i], value, r, lane))
					}
				}
			}
			a.P("ADD R%d, R%d", xStep, xp)
		})
		field(a, t, 2, true, step)
		a.P("ADD R%d, R%d", step, x)
		field(a, t, 4, true, step)
		a.P("ADD R%d, R%d", step, dy)
	})
	each(func(sums []neon.V, base, last int) { storeSums(a, sums, base, last) })
	a.P("RET")
}
