package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// unaryKernel is an operation over a block: a kernel, where there is one.
func unaryKernel[F ops.Float](kind unaryKind) func(dst, x []F) {
	switch kind {
	case opNeg:
		return vec.Neg[F]
	case opAbs:
		return vec.Abs[F]
	case opSquare:
		return vec.Square[F]
	case opCube:
		return vec.Cube[F]
	case opSqrt:
		return vec.Sqrt[F]
	case opInverse:
		return vec.Inverse[F]
	case opExp:
		return vec.Exp[F]
	case opLog:
		return vec.Log[F]
	case opLog1p:
		return vec.Log1p[F]
	case opSoftplus:
		return vec.Softplus[F]
	case opSigmoid:
		return vec.Sigmoid[F]
	case opTanh:
		return vec.Tanh[F]
	case opReLU:
		return vec.ReLU[F]
	}
	return unaryLoop[F](unaryFunction(kind))
}

// binaryKernels are an operation over a block: of two vectors, with a scalar on
// the right, and with one on the left; gradients are of two vectors only.
func binaryKernels[F ops.Float](kind binaryKind) (both func(dst, x, y []F), right, left func(dst, x []F, s F)) {
	switch kind {
	case opAdd:
		return vec.Add[F], vec.AddScalar[F], vec.AddScalar[F]
	case opSub:
		return vec.Sub[F], vec.SubScalar[F], vec.SubFrom[F]
	case opMul:
		return vec.Mul[F], vec.MulScalar[F], vec.MulScalar[F]
	case opDiv:
		return vec.Div[F], vec.DivScalar[F], vec.DivInto[F]
	case opGte:
		return vec.GreaterEqual[F], vec.GreaterEqualScalar[F], vec.LessEqualScalar[F]
	case opGt:
		return vec.Greater[F], vec.GreaterScalar[F], vec.LessScalar[F]
	case opLte:
		return vec.LessEqual[F], vec.LessEqualScalar[F], vec.GreaterEqualScalar[F]
	case opLt:
		return vec.Less[F], vec.LessScalar[F], vec.GreaterScalar[F]
	case opEq:
		return vec.Equal[F], vec.EqualScalar[F], vec.EqualScalar[F]
	case opNe:
		return vec.NotEqual[F], vec.NotEqualScalar[F], vec.NotEqualScalar[F]
	case opReLUGrad:
		return vec.ReLUGrad[F], nil, nil
	case opSigmoidGrad:
		return vec.SigmoidGrad[F], nil, nil
	case opTanhGrad:
		return vec.TanhGrad[F], nil, nil
	}
	return power[F], func(dst, x []F, s F) { power(dst, x, []F{s}) }, func(dst, x []F, s F) { power(dst, []F{s}, x) }
}

// applyUnary and applyBinary are an operation on numbers.
func applyUnary(kind unaryKind, x float64) float64 {
	y := []float64{x}
	unaryKernel[float64](kind)(y, y)
	return y[0]
}

func applyBinary(kind binaryKind, x, y float64) float64 {
	z := []float64{x}
	both, _, _ := binaryKernels[float64](kind)
	both(z, z, []float64{y})
	return z[0]
}
