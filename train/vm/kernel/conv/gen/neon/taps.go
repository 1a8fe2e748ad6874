package main

import "symgrad/train/vm/kernel/internal/neon"

// taps is tile for 3x3 filters of one channel, stride 1, tiles being 2x2 windows:
// all weights stay in registers, and each pixel is read once.
func taps(a *neon.Assembly, mode string) {
	a.Func("taps"+mode, "(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		"is tile1"+mode+" for 3x3 filters of one channel and 2x2 windows.")
	const y, arg, x, w, bias, t, count, rowStep, step = 0, 1, 2, 3, 4, 5, 6, 7, 11
	a.Param(y, "y", "arg", "x", "w", "bias", "t")
	field(a, t, 0, false, count)
	field(a, t, 6, true, rowStep)
	rows := []int{x, 8, 9, 10}
	for r := 1; r < 4; r++ {
		a.P("ADD R%d, R%d, R%d", rowStep, rows[r-1], rows[r])
	}
	weight, row := registers(8, 18), registers(26, 4)
	for tap := range 9 {
		a.Pair(32*tap, w, weight[2*tap], weight[2*tap+1])
	}
	acc := [4][]neon.V{registers(0, 2), registers(2, 2), registers(4, 2), registers(6, 2)}
	a.Times(count, func() {
		for p := range acc {
			a.Pair(0, bias, acc[p][0], acc[p][1])
		}
		for r, base := range rows {
			a.P("FMOVQ (R%d), F%d", base, row[r])
		}
		for tap := range 9 {
			for p := range acc {
				for half := range 2 {
					a.Add(neon.FMLAByLane.S4(acc[p][half], weight[2*tap+half], row[tap/3+p/2], tap%3+p%2))
				}
			}
		}
		m := maximum{mode, 26, 27, [3]neon.V{28, 29, 30}}
		m.begin(a)
		m.argmax(a, [4]neon.V{0, 2, 4, 6}, 31)
		m.argmax(a, [4]neon.V{1, 3, 5, 7}, 2)
		a.StorePair(0, y, 0, 1)
		if mode == "Argmax" {
			narrow(a, 31, 2)
			a.P("FMOVD F31, (R%d)", arg)
		}
		for _, r := range rows[1:] {
			a.P("ADD $8, R%d", r)
		}
		advance(a, mode, y, arg, x, t, step)
	})
	a.P("RET")
}
