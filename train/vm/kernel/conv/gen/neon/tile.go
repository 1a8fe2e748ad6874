package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// tile convolves a row of tiles, four pixels by n vectors of maps.
func tile(a *neon.Assembly, n int, mode string) {
	name := fmt.Sprintf("tile%d%s", n, mode)
	a.Func(name, "(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("convolves a row of tiles of %d maps; t points to a tileRow.", 8*n))
	const y, arg, x, w, bias, t, count, row, rows, left, weights = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	a.Param(y, "y", "arg", "x", "w", "bias", "t")
	field(a, t, 0, false, count)
	const rowStep, length = 11, 12
	field(a, t, 6, true, rowStep)
	field(a, t, 7, false, length)
	pixel, corner := []int{13, 14, 15}, []int{16, 19, 20, 21}
	for p, r := range pixel {
		field(a, t, 2+p, true, r)
	}
	var acc [4][]neon.V
	for p := range acc {
		acc[p] = registers(2*n*p, 2*n)
	}
	value, weight := registers(24, 4), registers(28, 4)

	a.Times(count, func() {
		for p := range acc {
			for i := range n {
				a.Pair(32*i, bias, acc[p][2*i], acc[p][2*i+1])
			}
		}
		a.P("MOVD R%d, R%d", w, weights)
		a.P("MOVD R%d, R%d", x, row)
		// step adds the products of float j of a filter row with a lane of the values.
		step := func(j, lane int) {
			for i := range n {
				first := 2 * ((n*j + i) % 2)
				a.Pair(32*(n*j+i), weights, weight[first], weight[first+1])
				for p := range acc {
					for half := range 2 {
						a.Add(neon.FMLAByLane.S4(acc[p][2*i+half], weight[first+half], value[p], lane))
					}
				}
			}
		}
		field(a, t, 5, false, rows)
		a.Times(rows, func() {
			a.P("MOVD R%d, R%d", row, corner[0])
			for p, r := range pixel {
				a.P("ADD R%d, R%d, R%d", r, row, corner[p+1])
			}
			a.P("LSR $2, R%d, R%d", length, left)
			a.Times(left, func() {
				for p, r := range corner {
					a.P("FMOVQ.P 16(R%d), F%d", r, value[p])
				}
				for j := range 4 {
					step(j, j)
				}
				a.P("ADD $%d, R%d", 4*32*n, weights)
			})
			a.P("AND $3, R%d, R%d", length, left)
			a.Times(left, func() {
				for p, r := range corner {
					a.P("FMOVS.P 4(R%d), F%d", r, value[p])
				}
				step(0, 0)
				a.P("ADD $%d, R%d", 32*n, weights)
			})
			a.P("ADD R%d, R%d", rowStep, row)
		})
		if mode == "Store" {
			storeTile(a, n, y, t, left, acc)
		} else {
			poolTile(a, n, mode, y, arg, acc)
		}
		advance(a, mode, y, arg, x, t, left)
	})
	a.P("RET")
}

// storeTile stores four pixels.
func storeTile(a *neon.Assembly, n, y, t, to int, acc [4][]neon.V) {
	for p := range acc {
		base := y
		if p > 0 {
			base = to
			field(a, t, 8+p, true, to)
			a.P("ADD R%d, R%d", y, to)
		}
		for i := range n {
			a.StorePair(32*i, base, acc[p][2*i], acc[p][2*i+1])
		}
	}
}

// poolTile stores the maximum of four pixels. The values' and weights' registers are
// free by now.
func poolTile(a *neon.Assembly, n int, mode string, y, arg int, acc [4][]neon.V) {
	m := maximum{mode, 24, 25, [3]neon.V{26, 27, 28}}
	m.begin(a)
	for i := range n {
		for half := range 2 {
			q := 2*i + half
			m.argmax(a, [4]neon.V{acc[0][q], acc[1][q], acc[2][q], acc[3][q]}, neon.V(29+half))
		}
		a.StorePair(32*i, y, acc[0][2*i], acc[0][2*i+1])
		if mode == "Argmax" {
			narrow(a, 29, 30)
			a.P("FMOVD F29, %d(R%d)", 8*i, arg)
		}
	}
}

// advance goes to the next tile.
func advance(a *neon.Assembly, mode string, y, arg, x, t, step int) {
	field(a, t, 1, true, step)
	a.P("ADD R%d, R%d", step, x)
	field(a, t, 8, true, step)
	a.P("ADD R%d, R%d", step, y)
	if mode == "Argmax" {
		field(a, t, 12, false, step)
		a.P("ADD R%d, R%d", step, arg)
	}
}
