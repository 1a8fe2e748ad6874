package kernel

// GreaterEqual sets dst to 1 where a >= b, else to 0; comparisons with NaN are false.
func GreaterEqual(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		greaterEqualAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = truth(v >= b[i])
	}
}

// GreaterEqualScalar sets dst to 1 where x >= s, else to 0.
func GreaterEqualScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		greaterEqualScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = truth(v >= s)
	}
}

// Greater sets dst to 1 where a > b, else to 0; comparisons with NaN are false.
func Greater(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		greaterAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = truth(v > b[i])
	}
}

// GreaterScalar sets dst to 1 where x > s, else to 0.
func GreaterScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		greaterScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = truth(v > s)
	}
}

// LessEqual sets dst to 1 where a <= b, else to 0; comparisons with NaN are false.
func LessEqual(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		lessEqualAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = truth(v <= b[i])
	}
}

// LessEqualScalar sets dst to 1 where x <= s, else to 0.
func LessEqualScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		lessEqualScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = truth(v <= s)
	}
}

// Less sets dst to 1 where a < b, else to 0; comparisons with NaN are false.
func Less(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		lessAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = truth(v < b[i])
	}
}

// LessScalar sets dst to 1 where x < s, else to 0.
func LessScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		lessScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = truth(v < s)
	}
}

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
