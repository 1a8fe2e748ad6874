package conv

// The checks that slices have what assembly will touch of them.

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

// check panics where maps' pixels would leave a slice.
func (t *pixelGrid) check(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32) {
	_ = x[(2*t.down-2+t.rows)*t.xStep+t.cols+8*n-2]
	_ = w[maps*t.rows*t.cols-1]
	_ = bias[maps-1]
	last := (maps-1)*t.yMap + (t.down-1)*t.yRow + 4*n - 1
	_ = y[last]
	if mode == tileArgmax {
		_ = arg[last]
	}
}

// check panics where the products would leave a slice.
func (t *outerTile) check(n int, acc, x, dy []float32, mask *[8]int32) {
	_ = acc[max(t.accMap[0], t.accMap[1], t.accMap[2])+8*n-1]
	_ = x[(t.rows-1)*t.xRow+(t.cols-1)*t.xStep+8*(n-1)+lanes(mask)-1]
	_ = dy[(t.rows-1)*t.dyRow+(t.cols-1)*t.dyStep+max(t.dyMap[0], t.dyMap[1], t.dyMap[2])]
}

// check panics where the windows would leave a slice.
func (t *tapGrid) check(acc, x, dz []float32, arg []uint8) {
	last := (t.rows*t.cols-1)*t.maps + 7
	_, _, _ = acc[79], dz[last], arg[last]
	_ = x[(2*t.rows+1)*t.xStep+2*t.cols+1]
}
