package kernel

import "math"

const signBit = 1 << 31

// ReLU computes dst = x, or -0 where x is negative; NaN passes. The sign tells
// [ReLUGrad] where x was negative.
func ReLU(dst, x []float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		reluAVX2(&dst[0], &x[0], n)
		return
	}
	for i, v := range x {
		dst[i] = relu(v)
	}
}

// LeakyReLU computes dst = x, or s x where x is negative.
func LeakyReLU(dst, x []float32, s float32) {
	n := len(dst)
	x = x[:n]
	if useAVX2 && n > 0 {
		leakyReLUAVX2(&dst[0], &x[0], n, s)
		return
	}
	for i, v := range x {
		dst[i] = leakyReLU(v, s)
	}
}

// ReLUGrad computes dst = b where a's sign bit is clear, else 0: the gradient of a
// = ReLU(x) from b, that of a.
func ReLUGrad(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		reluGradAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = positive(v, b[i])
	}
}

// SigmoidGrad computes dst = b a (1 - a): the gradient of a = Sigmoid(x) from b,
// that of a.
func SigmoidGrad(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		sigmoidGradAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = (1 - v) * v * b[i]
	}
}

// TanhGrad computes dst = b (1 - a^2): the gradient of a = Tanh(x) from b, that of
// a.
func TanhGrad(dst, a, b []float32) {
	n := len(dst)
	a, b = a[:n], b[:n]
	if useAVX2 && n > 0 {
		tanhGradAVX2(&dst[0], &a[0], &b[0], n)
		return
	}
	for i, v := range a {
		dst[i] = (1 - v*v) * b[i]
	}
}

func relu(x float32) float32 {
	if x < 0 {
		return math.Float32frombits(signBit)
	}
	return x
}

func leakyReLU(x, slope float32) float32 {
	if math.Signbit(float64(x)) {
		return slope * x
	}
	return x
}

func positive(y, dy float32) float32 {
	if math.Float32bits(y)&signBit != 0 {
		return 0
	}
	return dy
}
