package vm

import (
	"math"

	"symgrad/models/ops"
)

// unaryLoop is an elementwise operation over a block; dst may be x.
func unaryLoop[F ops.Float](kind unaryKind) func(dst, x []F) {
	switch kind {
	case opNeg:
		return func(dst, x []F) {
			for i, v := range x {
				dst[i] = -v
			}
		}
	case opSquare:
		return func(dst, x []F) {
			for i, v := range x {
				dst[i] = v * v
			}
		}
	case opCube:
		return func(dst, x []F) {
			for i, v := range x {
				dst[i] = v * v * v
			}
		}
	case opReLU:
		return func(dst, x []F) {
			for i, v := range x {
				if v > 0 {
					dst[i] = v
				} else {
					dst[i] = F(relu(float64(v)))
				}
			}
		}
	case opSigmoid:
		return func(dst, x []F) {
			for i, v := range x {
				dst[i] = F(sigmoid(float64(v)))
			}
		}
	case opCopy:
		return func(dst, x []F) { copy(dst, x) }
	}
	return func(dst, x []F) {
		for i, v := range x {
			dst[i] = F(applyUnary(kind, float64(v)))
		}
	}
}

// binaryLoops are an elementwise operation over a block, with both operands,
// with a scalar on the right, and with a scalar on the left.
func binaryLoops[F ops.Float](kind binaryKind) (both func(dst, x, y []F), right func(dst, x []F, y F), left func(dst, y []F, x F)) {
	switch kind {
	case opAdd:
		both = func(dst, x, y []F) {
			for i, v := range x {
				dst[i] = v + y[i]
			}
		}
		right = func(dst, x []F, y F) {
			for i, v := range x {
				dst[i] = v + y
			}
		}
		return both, right, right
	case opMul:
		both = func(dst, x, y []F) {
			for i, v := range x {
				dst[i] = v * y[i]
			}
		}
		right = func(dst, x []F, y F) {
			for i, v := range x {
				dst[i] = v * y
			}
		}
		return both, right, right
	case opSub:
		return func(dst, x, y []F) {
				for i, v := range x {
					dst[i] = v - y[i]
				}
			}, func(dst, x []F, y F) {
				for i, v := range x {
					dst[i] = v - y
				}
			}, func(dst, y []F, x F) {
				for i, v := range y {
					dst[i] = x - v
				}
			}
	case opReLUGrad:
		both = func(dst, y, dy []F) {
			for i, v := range y {
				d := dy[i]
				if !(v > 0) && math.Signbit(float64(v)) {
					d *= 0
				}
				dst[i] = d
			}
		}
	case opTanhGrad:
		both = func(dst, y, dy []F) {
			for i, v := range y {
				dst[i] = dy[i] * (1 - v*v)
			}
		}
	default:
		both = func(dst, x, y []F) {
			for i, v := range x {
				dst[i] = F(applyBinary(kind, float64(v), float64(y[i])))
			}
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
