package vec

// MatVec computes dst = A x for a matrix A of len(dst) rows and len(x) columns.
// Element j of a row goes to partial sum j mod 8, of float64 j mod 4; neighbours
// are added, then their sums, then the halves. The same bits on every platform.
func MatVec[F Float](dst, a, x []F) {
	rows, n := len(dst), len(x)
	a = a[:rows*n]
	switch {
	case native() && rows > 0 && n > 0 && bits[F]() == 32:
		matVec32(p32(dst), p32(a), p32(x), rows, n)
	case native() && rows > 0 && n > 0:
		matVec64(p64(dst), p64(a), p64(x), rows, n)
	default:
		for i := range dst {
			dst[i] = dot(a[i*n:(i+1)*n], x)
		}
	}
}

func dot[F Float](a, x []F) F {
	lanes := 256 / bits[F]()
	var s [8]F
	for j, v := range a {
		s[j%lanes] = fma(v, x[j], s[j%lanes])
	}
	if lanes == 4 {
		return (s[0] + s[1]) + (s[2] + s[3])
	}
	return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
}

// VecMat computes dst = x A for a matrix A of len(x) rows and len(dst) columns,
// stored stride apart, from the first row to the last. The same bits on every
// platform.
func VecMat[F Float](dst, x, a []F, stride int) {
	rows, n := len(x), len(dst)
	if rows == 0 || n == 0 {
		clear(dst)
		return
	}
	a = a[:(rows-1)*stride+n]
	if !native() {
		clear(dst)
		for i, w := range x {
			for j, v := range a[i*stride:][:n] {
				dst[j] = fma(w, v, dst[j])
			}
		}
		return
	}
	lanes, j := 256/bits[F](), 0
	for ; j+8*lanes <= n; j += 8 * lanes {
		if bits[F]() == 32 {
			weightedSums8x32(p32(dst[j:]), p32(a[j:]), p32(x), rows, stride)
		} else {
			weightedSums8x64(p64(dst[j:]), p64(a[j:]), p64(x), rows, stride)
		}
	}
	for ; j < n; j += 2 * lanes {
		mask := &columnMasks[min(n-j, 2*lanes)*bits[F]()/32][0]
		if bits[F]() == 32 {
			weightedSums2x32(p32(dst[j:]), p32(a[j:]), p32(x), rows, stride, mask)
		} else {
			weightedSums2x64(p64(dst[j:]), p64(a[j:]), p64(x), rows, stride, mask)
		}
	}
}

// Outer computes the matrix dst of len(x) rows and len(y) columns whose element
// (i, j) is x[i] y[j].
func Outer[F Float](dst, x, y []F) {
	rows, n := len(x), len(y)
	dst = dst[:rows*n]
	switch {
	case native() && rows > 0 && n > 0 && bits[F]() == 32:
		outer32(p32(dst), p32(x), p32(y), rows, n)
	case native() && rows > 0 && n > 0:
		outer64(p64(dst), p64(x), p64(y), rows, n)
	default:
		for i, v := range x {
			for j, w := range y {
				dst[i*n+j] = v * w
			}
		}
	}
}
