package kernel

// sumLanes is how many partial sums Sum has.
const sumLanes = 32

// Sum adds up x: element i goes to partial sum i mod 32, and partial sums are
// added pairwise, j and j+16, then j and j+8, and so on. The same bits on every
// platform.
func Sum(x []float32) float32 {
	if useAVX2 && len(x) > 0 {
		return sumAVX2(&x[0], len(x))
	}
	var lanes [sumLanes]float32
	for ; len(x) >= sumLanes; x = x[sumLanes:] {
		for j, v := range (*[sumLanes]float32)(x) {
			lanes[j] += v
		}
	}
	for j, v := range x {
		lanes[j] += v
	}
	for half := sumLanes / 2; half > 0; half /= 2 {
		for j := range half {
			lanes[j] += lanes[j+half]
		}
	}
	return lanes[0]
}

// ColumnSums adds up the columns of a matrix x of m rows and len(dst) columns,
// stored stride apart, from the first row to the last: the gradient of a bias.
// The same bits on every platform.
func ColumnSums(dst, x []float32, m, stride int) {
	n := len(dst)
	if m == 0 || n == 0 {
		clear(dst)
		return
	}
	x = x[:(m-1)*stride+n]
	if useAVX2 {
		j := 0
		for ; j+64 <= n; j += 64 {
			columnSums64AVX2(&dst[j], &x[j], m, stride)
		}
		for ; j < n; j += 16 {
			columnSums16AVX2(&dst[j], &x[j], m, stride, &columnMasks[min(n-j, 16)][0])
		}
		return
	}
	clear(dst)
	for i := range m {
		for j, v := range x[i*stride:][:n] {
			dst[j] += v
		}
	}
}

// FromBytes computes dst = src / 255.
func FromBytes(dst []float32, src []byte) {
	src = src[:len(dst)]
	done := 0
	if vectors := len(dst) / 8; useAVX2 && vectors > 0 {
		fromBytesAVX2(&dst[0], &src[0], vectors)
		done = 8 * vectors
	}
	for i, b := range src[done:] {
		dst[done+i] = float32(b) / 255
	}
}

// Prefetch asks for bytes that will be read soon, and returns at once.
func Prefetch(src []byte) {
	if lines := (len(src) + 63) / 64; useAVX2 && lines > 0 {
		prefetchAVX2(&src[0], lines) // an address past the end would do no harm: fetching ahead never faults
	}
}
