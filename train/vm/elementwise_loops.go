package vm

import (
	"math"

	"symgrad/models/ops"
)

// unaryLoop is an elementwise operation that no kernel has, over a block; dst
// may be x.
func unaryLoop[F ops.Float](f func(x float64) float64) func(dst, x []F) {
	return func(dst, x []F) {
		for i, v := range x {
			dst[i] = F(f(float64(v)))
		}
	}
}

// unaryFunction is an operation that no kernel has.
func unaryFunction(kind unaryKind) func(x float64) float64 {
	switch kind {
	case opSign:
		return sign
	case opCeil:
		return math.Ceil
	case opFloor:
		return math.Floor
	case opSin:
		return math.Sin
	case opCos:
		return math.Cos
	case opLog2:
		return math.Log2
	case opInverseSqrt:
		return func(x float64) float64 { return 1 / math.Sqrt(x) }
	}
	return math.Expm1
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // a zero or NaN
}

// power is x^y over a block, which no kernel has; either may be a scalar, then it
// has one number.
func power[F ops.Float](dst, x, y []F) {
	nextX, nextY := min(1, len(x)-1), min(1, len(y)-1)
	for i := range dst {
		dst[i] = F(math.Pow(float64(x[i*nextX]), float64(y[i*nextY])))
	}
}
