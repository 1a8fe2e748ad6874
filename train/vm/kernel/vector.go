package kernel

import "math"

//go:generate go run ./gen/vector -out vector_amd64.s -stubs vector_amd64.go -other vector_other.go -pkg kernel

// The vector kernels compute len(dst) elements; the other operands must have as
// many, and may be dst itself, but must not overlap it otherwise.

// Add computes dst = a + b.
func Add(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		addAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

// Sub computes dst = a - b.
func Sub(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		subAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = v - b[i]
	}
}

// Mul computes dst = a b, element by element.
func Mul(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		mulAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = v * b[i]
	}
}

// Div computes dst = a / b, element by element.
func Div(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		divAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = v / b[i]
	}
}

// AddScalar computes dst = x + s.
func AddScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		addScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = v + s
	}
}

// MulScalar computes dst = s x.
func MulScalar(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		mulScalarAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = s * v
	}
}

// SubFrom computes dst = s - x.
func SubFrom(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		subFromAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = s - v
	}
}

// DivInto computes dst = s / x.
func DivInto(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		divIntoAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = s / v
	}
}

// Neg computes dst = -x.
func Neg(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		negAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = -v
	}
}

// Abs computes dst = |x|.
func Abs(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		absAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = math.Float32frombits(math.Float32bits(v) &^ signBit)
	}
}

// Square computes dst = x^2.
func Square(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		squareAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = v * v
	}
}

// Cube computes dst = x^3.
func Cube(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		cubeAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = v * v * v
	}
}

// Sqrt computes dst = sqrt(x), NaN where x is negative.
func Sqrt(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		sqrtAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = float32(math.Sqrt(float64(v)))
	}
}

// Inverse computes dst = 1 / x.
func Inverse(dst, x []float32) { DivInto(dst, x, 1) }

// Fill sets dst to s.
func Fill(dst []float32, s float32) {
	if n := len(dst); useAVX2 && n > 0 {
		fillAVX2(&dst[0], n, s)
		return
	}
	for i := range dst {
		dst[i] = s
	}
}

// Axpy computes y += a x.
func Axpy(y, x []float32, a float32) {
	n := len(y)
	x = x[:n]
	if useAVX2 && n > 0 {
		axpyAVX2(&y[0], &x[0], n, a)
		return
	}
	for i, v := range x {
		y[i] += a * v
	}
}
