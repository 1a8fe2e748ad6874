//go:build amd64 && !purego

package conv

// The functions of this file choose between the assembly and its Go twin, and
// check once, by slicing, that what the assembly will touch is there.

//go:generate go run ./gen -out conv_amd64.s -stubs conv_amd64.go -pkg conv

func tiles(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if !has.AVX2 {
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

// check panics where a row of tiles would leave a slice.
func (t *tileRow) check(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32) {
	far := max(t.pixel[0], t.pixel[1], t.pixel[2])
	_ = x[(t.count-1)*t.step+far+(t.rows-1)*t.rowStep+t.length-1]
	_ = w[8*n*t.rows*t.length-1]
	_ = bias[8*n-1]
	last := (t.count-1)*t.yStep + 8*n - 1
	if mode == tileStore {
		last += max(t.yPixel[0], t.yPixel[1], t.yPixel[2])
	}
	_ = y[last]
	if mode == tileArgmax {
		_ = arg[(t.count-1)*t.argStep+8*n-1]
	}
}

func taps(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if !has.AVX2 {
		tileRowGo(n, mode, y, arg, x, w, bias, t)
		return
	}
	t.check(n, mode, y, arg, x, w, bias)
	switch {
	case n == 2 && mode == tileArgmax:
		zTapsArgmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
	case n == 2:
		zTapsMax(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
	case mode == tileArgmax:
		tapsArgmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
	default:
		tapsMax(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
	}
}

func pixels(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	if !has.AVX2 {
		pixelsGo(n, maps, mode, y, arg, x, w, bias, t)
		return
	}
	_ = x[(2*t.down-2+t.rows)*t.xStep+t.cols+8*n-2]
	_ = w[maps*t.rows*t.cols-1]
	_ = bias[maps-1]
	last := (maps-1)*t.yMap + (t.down-1)*t.yRow + 4*n - 1
	_ = y[last]
	if mode == tileArgmax {
		_ = arg[last]
	}
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

func outer(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	if !has.AVX2 {
		outerGo(n, acc, x, dy, mask, t)
		return
	}
	_ = acc[max(t.accMap[0], t.accMap[1], t.accMap[2])+8*n-1]
	_ = x[(t.rows-1)*t.xRow+(t.cols-1)*t.xStep+8*(n-1)+lanes(mask)-1]
	_ = dy[(t.rows-1)*t.dyRow+(t.cols-1)*t.dyStep+max(t.dyMap[0], t.dyMap[1], t.dyMap[2])]
	if has.AVX512 && n > 3 {
		outer512(n, acc, x, dy, mask, t)
		return
	}
	switch n {
	case 1:
		outer1(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	case 2:
		outer2(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	case 3:
		outer3(&acc[0], &x[0], &dy[0], &mask[0], &t.rows)
	}
}
