//go:build amd64 && !purego

package conv

// The assembly of AVX-512 behind the functions of native.go, native_tiles.go and
// native_sparse.go, which have checked what it will touch; it computes the same bits
// as AVX2's. The calls are direct, for a function value would make the arguments
// escape.

// tiles512 is tiles for an even number of vectors of 8 maps, two to eight.
func tiles512(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	switch mode {
	case tileStore:
		switch n {
		case 2:
			zTile1Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 4:
			zTile2Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 6:
			zTile3Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 8:
			zTile4Store(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		}
	case tileMax:
		switch n {
		case 2:
			zTile1Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 4:
			zTile2Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 6:
			zTile3Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		case 8:
			zTile4Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
		}
	case tileArgmax:
		switch n {
		case 2:
			zTile1Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		case 4:
			zTile2Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		case 6:
			zTile3Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		case 8:
			zTile4Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
		}
	}
}

// taps512 is taps for two vectors of 8 maps.
func taps512(mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	if mode == tileArgmax {
		zTapsArgmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.count)
	} else {
		zTapsMax(&y[0], nil, &x[0], &w[0], &bias[0], &t.count)
	}
}

// pixels512 is pixels for wideMaps maps.
func pixels512(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	switch {
	case mode == tileArgmax && n == 1:
		zPixels1Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
	case mode == tileArgmax && n == 2:
		zPixels2Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
	case mode == tileArgmax && n == 3:
		zPixels3Argmax(&y[0], &arg[0], &x[0], &w[0], &bias[0], &t.rows)
	case n == 1:
		zPixels1Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	case n == 2:
		zPixels2Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	case n == 3:
		zPixels3Max(&y[0], nil, &x[0], &w[0], &bias[0], &t.rows)
	}
}

// outer512 is outer for an even number of vectors of 8 floats, four to twelve.
func outer512(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	last := 1<<(8+lanes(mask)) - 1
	switch n {
	case 4:
		zOuter2(&acc[0], &x[0], &dy[0], last, &t.rows)
	case 6:
		zOuter3(&acc[0], &x[0], &dy[0], last, &t.rows)
	case 8:
		zOuter4(&acc[0], &x[0], &dy[0], last, &t.rows)
	case 10:
		zOuter5(&acc[0], &x[0], &dy[0], last, &t.rows)
	case 12:
		zOuter6(&acc[0], &x[0], &dy[0], last, &t.rows)
	}
}

// patchRows512 is patchRows for 6, 8 or 12 vectors of 8 floats.
func patchRows512(n int, acc, x []float32, at []int32, value []float32, mask *[8]int32, rows, accStep, xStep int) {
	last := 1<<(8+lanes(mask)) - 1
	switch n {
	case 6:
		zPatchRows3(&acc[0], &x[0], &at[0], &value[0], len(value), last, rows, accStep, xStep)
	case 8:
		zPatchRows4(&acc[0], &x[0], &at[0], &value[0], len(value), last, rows, accStep, xStep)
	case 12:
		zPatchRows6(&acc[0], &x[0], &at[0], &value[0], len(value), last, rows, accStep, xStep)
	}
}

// patchColumn512 is patchColumn.
func patchColumn512(rows int, acc, x *float32, at *int32, value *float32, count int, mask *[8]int32, xStep int) {
	only := 1<<lanes(mask) - 1
	switch rows {
	case 2:
		zPatchColumn2(acc, x, at, value, count, only, xStep)
	case 3:
		zPatchColumn3(acc, x, at, value, count, only, xStep)
	case 4:
		zPatchColumn4(acc, x, at, value, count, only, xStep)
	case 5:
		zPatchColumn5(acc, x, at, value, count, only, xStep)
	case 6:
		zPatchColumn6(acc, x, at, value, count, only, xStep)
	}
}

// spreadRows512 is spreadRows for 6, 8 or 12 vectors of 8 floats.
func spreadRows512(n int, dx, w []float32, l *sparseList) {
	at, value, spans := &l.at[0], &l.value[0], &l.spans[0].to
	switch n {
	case 6:
		zSpreadRows3(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 8:
		zSpreadRows4(&dx[0], &w[0], at, value, spans, len(l.spans))
	case 12:
		zSpreadRows6(&dx[0], &w[0], at, value, spans, len(l.spans))
	}
}
