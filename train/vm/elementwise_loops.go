package vm

import "symgrad/models/ops"

// unaryLoop is an elementwise operation that no kernel has, over a block; dst
// may be x.
func unaryLoop[F ops.Float](kind unaryKind) func(dst, x []F) {
	return func(dst, x []F) {
		for i, v := range x {
			dst[i] = F(applyUnary(kind, float64(v)))
		}
	}
}

// binaryLoops are an elementwise operation over a block, with both operands,
// with a scalar on the right, and with a scalar on the left: where no kernel has
// it.
func binaryLoops[F ops.Float](kind binaryKind) (both func(dst, x, y []F), right func(dst, x []F, y F), left func(dst, y []F, x F)) {
	both = func(dst, x, y []F) {
		for i, v := range x {
			dst[i] = F(applyBinary(kind, float64(v), float64(y[i])))
		}
	}
	right = func(dst, x []F, y F) {
		for i, v := range x {
			dst[i] = F(applyBinary(kind, float64(v), float64(y)))
		}
	}
	left = func(dst, y []F, x F) {
		for i, v := range y {
			dst[i] = F(applyBinary(kind, float64(x), float64(v)))
		}
	}
	return both, right, left
}
