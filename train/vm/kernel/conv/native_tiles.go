//go:build (amd64 || arm64) && !purego

package conv

// The functions of this file choose between the assembly and its Go twin, and check
// once, by slicing, that what the assembly will touch is there. That of AVX2 and that
// of NEON have the same names.

// native tells whether there is assembly for this processor.
func native() bool { return has.AVX2 || has.NEON }

func tiles(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if !native() {
		tileRowGo(n, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, mode, y, arg, x, w, bias)
	if has.AVX512 && n%2 == 0 {
		tiles512(n, mode, y, arg, x, w, bias, t)
		return
	}
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
	if !native() {
		tileRowGo(n, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, mode, y, arg, x, w, bias)
	switch {
	case n == 2:
		taps512(mode, y, arg, x, w, bias, t)
	case mode == tileArgmax:
		tapsArgmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
	default:
		tapsMax(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
	}
}

func pixels(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	if !native() {
		pixelsGo(n, maps, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, maps, mode, y, arg, x, w, bias)
	if maps == wideMaps {
		pixels512(n, mode, y, arg, x, w, bias, t)
		return
	}
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

func tapSums(acc, x, dz []float32, arg []uint8, t *tapGrid) {
	if !native() {
		tapSumsGo(acc, x, dz, arg, t)
		return
	}
	t.check(acc, x, dz, arg)
	tapSums8(&acc[0], &x[0], &dz[0], &arg[0], &t.rows)
}
