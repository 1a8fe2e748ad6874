package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// pixels convolves and pools, for two maps of one channel, strips of two rows of
// 8n pixels: lanes are pixels.
func pixels(a *neon.Assembly, n int, mode string) {
	a.Func(fmt.Sprintf("pixels%d%s", n, mode), "(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("is pixelsGo for %d windows; t points to a pixelGrid.", 4*n))
	const y, arg, top, w, bias, t, strips, xStep, yMap, step = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	a.Param(y, "y", "arg", "x", "w", "bias", "t")
	field(a, t, 4, false, strips)
	field(a, t, 2, true, xStep)
	field(a, t, 3, false, yMap)
	var acc [2][2][]neon.V
	for m := range acc {
		for r := range acc[m] {
			acc[m][r] = registers(2*n*(2*m+r), 2*n)
		}
	}
	a.Times(strips, func() {
		pixelSums(a, acc, top, w, bias, xStep, t)
		a.P("ADD R%d<<1, R%d", xStep, top)
		poolPixels(a, n, mode, acc, y, arg, yMap)
		field(a, t, 5, false, step)
		a.P("ADD R%d<<2, R%d", step, y)
		if mode == "Argmax" {
			a.P("ADD R%d, R%d", step, arg)
		}
	})
	a.P("RET")
}

// pixelSums gives the sums of two maps' two rows of pixels. One image row meets a
// filter row for the upper pixels and the filter row before it for the lower ones.
func pixelSums(a *neon.Assembly, acc [2][2][]neon.V, top, w, bias, xStep, t int) {
	const x, xp, left, rows, cols = 10, 11, 12, 13, 19
	weights := [2][2]int{{14, 15}, {16, 20}} // by map and row of pixels
	value, weight := registers(24, 4), [2][2]neon.V{{28, 29}, {30, 31}}
	for m := range acc {
		a.P("FMOVS %d(R%d), F24", 4*m, bias)
		for r := range acc[m] {
			for _, v := range acc[m][r] {
				a.P("VDUP V24.S[0], V%d.S4", v)
			}
		}
	}
	field(a, t, 0, false, rows)
	field(a, t, 1, false, cols)
	a.P("MUL R%d, R%d, R%d", rows, cols, left)
	for r := range 2 {
		a.P("MOVD R%d, R%d", w, weights[0][r])
		a.P("ADD R%d<<2, R%d, R%d", left, w, weights[1][r])
	}
	a.P("MOVD R%d, R%d", top, x)
	imageRow := func(wanted ...int) {
		a.P("MOVD R%d, R%d", x, xp)
		a.P("MOVD R%d, R%d", cols, left)
		a.Times(left, func() {
			for m := range acc {
				for _, r := range wanted {
					a.P("FMOVS.P 4(R%d), F%d", weights[m][r], weight[m][r])
				}
			}
			for i := range len(acc[0][0]) / 2 {
				pair := value[i%2*2:]
				a.Pair(32*i, xp, pair[0], pair[1])
				for m := range acc {
					for _, r := range wanted {
						for half := range 2 {
							a.Add(neon.FMLAByLane.S4(acc[m][r][2*i+half], pair[half], weight[m][r], 0))
						}
					}
				}
			}
			a.P("ADD $4, R%d", xp)
		})
		a.P("ADD R%d, R%d", xStep, x)
	}
	imageRow(0)
	a.P("SUB $1, R%d", rows)
	a.Times(rows, func() { imageRow(0, 1) })
	imageRow(1)
}

// poolPixels stores the maxima of two maps' two rows of pixels.
func poolPixels(a *neon.Assembly, n int, mode string, acc [2][2][]neon.V, y, arg, yMap int) {
	const toY, toArg = 10, 11
	a.P("MOVD R%d, R%d", y, toY)
	a.P("MOVD R%d, R%d", arg, toArg)
	// The registers of the first sums hold the positions when they are free.
	best := maximum{mode, 28, 29, [3]neon.V{acc[0][0][0], acc[0][0][1], acc[0][1][0]}}
	for m := range acc {
		for i := range n {
			for r := range 2 {
				first, second := acc[m][r][2*i], acc[m][r][2*i+1]
				a.Add(neon.UZP1.S4(neon.V(24+2*r), first, second), neon.UZP2.S4(neon.V(25+2*r), first, second))
			}
			if m == 0 && i == 0 {
				best.begin(a)
			}
			best.argmax(a, [4]neon.V{24, 25, 26, 27}, 30)
			a.P("FMOVQ F24, %d(R%d)", 16*i, toY)
			if mode == "Argmax" {
				narrow(a, 30, 30)
				a.P("FMOVS F30, %d(R%d)", 4*i, toArg)
			}
		}
		if m == 0 {
			a.P("ADD R%d<<2, R%d", yMap, toY)
			a.P("ADD R%d, R%d", yMap, toArg)
		}
	}
}
