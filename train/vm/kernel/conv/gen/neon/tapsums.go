package main

import "symgrad/train/vm/kernel/internal/neon"

// tapSums sums eight maps' gradients for 3x3 filters of one channel over an image's
// windows. What a tap meets is one of four pixels by a lane's argmax: a look-up in
// two rows of the window, four bytes further on for the next tap.
func tapSums(a *neon.Assembly) {
	a.Func("tapSums8", "(acc, x, dz *float32, arg *uint8, t *int)", "is tapSumsGo; t points to a tapGrid.")
	const acc, x, dz, arg, t, rows, xStep, maps, cols, scratch = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	next := [4]int{10, 11, 12, 13}
	a.Param(acc, "acc", "x", "dz", "arg", "t")
	field(a, t, 0, false, rows)
	field(a, t, 2, true, xStep)
	field(a, t, 3, false, maps)
	sums, row := registers(0, 20), registers(20, 4)
	const places, indexes, d, patch, table, lanes, bytes, four = 24, 25, 26, 27, 28, 29, 30, 31
	for i := 0; i < len(sums); i += 2 {
		a.Pair(16*i, acc, sums[i], sums[i+1])
	}
	// By position, where the pixel is in two rows; by byte, of which lane it is, and
	// which byte of that.
	constant(a, table, scratch, 0x14100400, 0)
	constant(a, lanes, scratch, 0x0101010100000000, 0x0303030302020202)
	constant(a, bytes, scratch, 0x0302010003020100, 0x0302010003020100)
	a.P("VMOVI $4, V%d.B16", four)
	a.Times(rows, func() {
		a.P("MOVD R%d, R%d", x, next[0])
		for r := 1; r < 4; r++ {
			a.P("ADD R%d, R%d, R%d", xStep, next[r-1], next[r])
		}
		field(a, t, 1, false, cols)
		a.Times(cols, func() {
			for r, v := range row {
				a.P("FMOVQ (R%d), F%d", next[r], v)
				a.P("ADD $8, R%d", next[r])
			}
			a.P("FMOVD (R%d), F%d", arg, places)
			a.P("VTBL V%d.B16, [V%d.B16], V%[1]d.B16", places, table)
			for half := range 2 {
				if half == 1 {
					a.P("VEXT $4, V%d.B16, V%[1]d.B16, V%[1]d.B16", places)
				}
				a.P("VTBL V%d.B16, [V%d.B16], V%d.B16", lanes, places, indexes)
				a.P("VADD V%d.B16, V%d.B16, V%[2]d.B16", bytes, indexes)
				a.P("FMOVQ %d(R%d), F%d", 16*half, dz, d)
				for v := range 3 {
					if v > 0 {
						a.P("VADD V%d.B16, V%d.B16, V%[2]d.B16", four, indexes)
					}
					for u := range 3 {
						a.P("VTBL V%d.B16, [V%d.B16, V%d.B16], V%d.B16", indexes, row[u], row[u+1], patch)
						a.Add(neon.FMLA.S4(sums[2*(3*u+v)+half], d, patch))
					}
				}
				a.Add(neon.FADD.S4(sums[18+half], sums[18+half], d))
			}
			a.P("ADD R%d<<2, R%d", maps, dz)
			a.P("ADD R%d, R%d", maps, arg)
		})
		a.P("ADD R%d<<1, R%d", xStep, x)
	})
	for i := 0; i < len(sums); i += 2 {
		a.StorePair(16*i, acc, sums[i], sums[i+1])
	}
	a.P("RET")
}
