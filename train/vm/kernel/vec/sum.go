package vec

// sumLanes is how many partial sums Sum of float32 has; of float64 half as many.
const sumLanes = 32

// Sum adds up x: of float32, element i goes to partial sum i mod 32, and partial
// sums are added pairwise, j and j+16, then j and j+8, and so on; of float64 there
// are 16. The same bits on every platform.
func Sum[F Float](x []F) F {
	switch {
	case native() && len(x) > 0 && bits[F]() == 32:
		return F(sum32(p32(x), len(x)))
	case native() && len(x) > 0:
		return F(sum64(p64(x), len(x)))
	}
	var all [sumLanes]F
	lanes := all[:sumLanes*32/bits[F]()]
	for ; len(x) >= len(lanes); x = x[len(lanes):] {
		for j, v := range x[:len(lanes)] {
			lanes[j] += v
		}
	}
	for j, v := range x {
		lanes[j] += v
	}
	for half := len(lanes) / 2; half > 0; half /= 2 {
		for j := range half {
			lanes[j] += lanes[j+half]
		}
	}
	return lanes[0]
}

// ColumnSums adds up the columns of a matrix x of m rows and len(dst) columns,
// stored stride apart, from the first row to the last: the gradient of a bias.
// The same bits on every platform.
func ColumnSums[F Float](dst, x []F, m, stride int) {
	n := len(dst)
	if m == 0 || n == 0 {
		clear(dst)
		return
	}
	x = x[:(m-1)*stride+n]
	if !native() {
		clear(dst)
		for i := range m {
			for j, v := range x[i*stride:][:n] {
				dst[j] += v
			}
		}
		return
	}
	lanes, j := 256/bits[F](), 0
	for ; j+8*lanes <= n; j += 8 * lanes {
		if bits[F]() == 32 {
			columnSums8x32(p32(dst[j:]), p32(x[j:]), m, stride)
		} else {
			columnSums8x64(p64(dst[j:]), p64(x[j:]), m, stride)
		}
	}
	for ; j < n; j += 2 * lanes {
		mask := &columnMasks[min(n-j, 2*lanes)*bits[F]()/32][0]
		if bits[F]() == 32 {
			columnSums2x32(p32(dst[j:]), p32(x[j:]), m, stride, mask)
		} else {
			columnSums2x64(p64(dst[j:]), p64(x[j:]), m, stride, mask)
		}
	}
}

// columnMasks[n] has the sign bits of the first n of 16 words set.
var columnMasks = func() (masks [17][16]int32) {
	for n := range masks {
		for j := range n {
			masks[n][j] = -1
		}
	}
	return masks
}()

// FromBytes computes dst = src / 255.
func FromBytes(dst []float32, src []byte) {
	src = src[:len(dst)]
	done := 0
	if vectors := len(dst) / 16; has.AVX512 && vectors > 0 {
		zFromBytes32(&dst[0], &src[0], vectors)
		done = 16 * vectors
	} else if vectors := len(dst) / 8; native() && vectors > 0 {
		fromBytes32(&dst[0], &src[0], vectors)
		done = 8 * vectors
	}
	for i, b := range src[done:] {
		dst[done+i] = float32(b) / 255
	}
}

// Prefetch asks for bytes that will be read soon, and returns at once.
func Prefetch(src []byte) {
	if lines := (len(src) + 63) / 64; native() && lines > 0 {
		prefetch(&src[0], lines) // an address past the end would do no harm: fetching ahead never faults
	}
}
