//go:build amd64 && !purego

package kernel

import "unsafe"

//go:generate go run ./gen/gemm -out gemm_amd64.s -stubs gemm_amd64.go -pkg kernel

// check proves that the last elements a tile touches are there.
func (t *tileShape) check(rows, count, cols int, c, a, b, bias []float32) {
	_ = c[(rows*count-1)*t.ldc+t.cols-1]
	_ = a[(count-1)*rows*t.step+(rows-1)*t.rs+(t.k-1)*t.cs]
	_ = b[(t.k-1)*t.ldb+cols-1]
	if bias != nil {
		_ = bias[t.cols-1]
	}
}

// flags are what the assembly wants to know: whether to add to C, and ReLU.
func (t *tileShape) flags() (f int) {
	if t.load {
		f = 1
	}
	if t.relu {
		f |= 2
	}
	return f
}

func tiles16(rows, count int, t *tileShape, c, a, b, bias []float32) {
	if !useAVX2 {
		tiles16Go(rows, count, t, c, a, b, bias)
		return
	}
	var mask *int32
	if t.cols < tileCols {
		mask = &columnMasks[t.cols][0]
	}
	t.check(rows, count, tileCols, c, a, b, bias)
	run := tile1
	switch rows {
	case 2:
		run = tile2
	case 3:
		run = tile3
	case 4:
		run = tile4
	case 5:
		run = tile5
	case 6:
		run = tile6
		if t.rs == 1 && t.cs > tileRows { // a transposed A, not packed
			run = tile6Ahead
		}
	}
	run(count, t.k, &a[0], t.rs, t.cs, rows*t.step, &b[0], t.ldb, &c[0], t.ldc, unsafe.SliceData(bias), mask, t.flags())
}

func packTile(rows int, strip []float32, t *tileShape, c, a, b []float32, stride int, bias []float32) {
	if !useAVX2 {
		packTileGo(rows, strip, t, c, a, b, stride, bias)
		return
	}
	t.check(rows, 1, tileCols, c, a, strip, bias)
	_ = b[(t.k-1)*stride+t.cols-1]
	mask := &columnMasks[t.cols][0]
	run := packTile1
	switch rows {
	case 2:
		run = packTile2
	case 3:
		run = packTile3
	case 4:
		run = packTile4
	case 5:
		run = packTile5
	case 6:
		run = packTile6
	}
	run(&strip[0], t.k, &a[0], t.rs, t.cs, &b[0], stride, &c[0], t.ldc, unsafe.SliceData(bias), mask, t.flags())
}

func wideTile(rows int, t *tileShape, c, a, b, bias []float32) {
	if !useAVX2 {
		tileGo(rows, t, c, a, b, bias)
		return
	}
	t.check(rows, 1, t.cols, c, a, b, bias)
	run := wide1
	switch rows {
	case 2:
		run = wide2
	case 3:
		run = wide3
	}
	run(t.k, &a[0], t.rs, t.cs, &b[0], t.ldb, &c[0], t.ldc, unsafe.SliceData(bias), t.flags())
}

func packSix(dst, src []float32, stride, k int) {
	if !useAVX2 {
		packSixGo(dst, src, stride, k)
		return
	}
	_, _ = dst[k*tileRows-1], src[(k-1)*stride+tileRows-1]
	packColumns6(&dst[0], &src[0], stride, k)
}
