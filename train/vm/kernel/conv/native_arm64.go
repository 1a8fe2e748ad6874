//go:build !purego

package conv

// The functions of this file choose between NEON and the Go twin, and check once, by
// slicing, that what the assembly will touch is there.

func tiles(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if !has.NEON {
		tileRowGo(n, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, mode, y, arg, x, w, bias)
	switch mode {
	case tileStore:
		switch n {
		case 1:
			tile1Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 2:
			tile2Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 3:
			tile3Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		}
	case tileMax:
		switch n {
		case 1:
			tile1Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 2:
			tile2Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 3:
			tile3Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		}
	case tileArgmax:
		switch n {
		case 1:
			tile1Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		case 2:
			tile2Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		case 3:
			tile3Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		}
	}
}

func taps(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if !has.NEON {
		tileRowGo(n, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, mode, y, arg, x, w, bias)
	if mode == tileArgmax {
		tapsArgmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
	} else {
		tapsMax(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
	}
}

func pixels(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	if !has.NEON {
		pixelsGo(n, maps, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, maps, mode, y, arg, x, w, bias)
	if mode == tileArgmax {
		switch n {
		case 1:
			pixels1Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
		case 2:
			pixels2Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
		case 3:
			pixels3Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
		}
		return
	}
	switch n {
	case 1:
		pixels1Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	case 2:
		pixels2Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	case 3:
		pixels3Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	}
}

// outer leaves stretches of one and two floats to the twin.
func outer(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	length := 8*(n-1) + lanes(mask)
	if !has.NEON || length < 3 {
		outerGo(n, acc, x, dy, mask, t)
		return
	}
	t.check(n, acc, x, dy, mask)
	quads, last, neighbours := (length+3)/4, 4*length-16, t.dyMap == [3]int{1, 2, 3}
	if length == 3 {
		quads, last = 0, 8
	}
	switch quads {
	case 0:
		if neighbours {
			outerNext0(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer0(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 1:
		if neighbours {
			outerNext1(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer1(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 2:
		if neighbours {
			outerNext2(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer2(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 3:
		if neighbours {
			outerNext3(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer3(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 4:
		if neighbours {
			outerNext4(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer4(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 5:
		if neighbours {
			outerNext5(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer5(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	case 6:
		if neighbours {
			outerNext6(&acc[0], &x[0], &dy[0], last, &t.rows)
		} else {
			outer6(&acc[0], &x[0], &dy[0], last, &t.rows)
		}
	}
}

func tapSums(acc, x, dz []float32, arg []uint8, t *tapGrid) {
	if !has.NEON {
		tapSumsGo(acc, x, dz, arg, t)
		return
	}
	t.check(acc, x, dz, arg)
	tapSums8(&acc[0], &x[0], &dz[0], &arg[0], &t.rows)
}
