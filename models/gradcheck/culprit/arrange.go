package culprit

import "gorgonia.org/tensor"

// transposed reads numbers of shape (m, n) as if they were of (n, m).
func transposed(x []float64, shape tensor.Shape) []float64 {
	out, m, n := make([]float64, len(x)), shape[0], shape[1]
	for i := range m {
		for j := range n {
			out[i*n+j] = x[j*m+i]
		}
	}
	return out
}

// along moves every number to another index of an axis.
func along(x []float64, shape tensor.Shape, axis int, to func(i, n int) int) []float64 {
	out, inner := make([]float64, len(x)), shape[axis+1:].TotalSize()
	if axis == len(shape)-1 {
		inner = 1
	}
	n := shape[axis]
	for at := range x {
		i := at / inner % n
		out[at+(to(i, n)-i)*inner] = x[at]
	}
	return out
}

func shifted(x []float64, shape tensor.Shape, axis, by int) []float64 {
	return along(x, shape, axis, func(i, n int) int { return ((i-by)%n + n) % n })
}

func reversed(x []float64, shape tensor.Shape, axis int) []float64 {
	return along(x, shape, axis, func(i, n int) int { return n - 1 - i })
}

// averaged puts the mean over an axis, times a factor, in every place of it.
func averaged(x []float64, shape tensor.Shape, axis, factor int) []float64 {
	out := make([]float64, len(x))
	for by := range shape[axis] {
		for i, v := range shifted(x, shape, axis, by) {
			out[i] += v * float64(factor) / float64(shape[axis])
		}
	}
	return out
}
