package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// vectorUnary is the kernel of an operation, where there is one.
func vectorUnary[F ops.Float](kind unaryKind) func(dst, x []F) {
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
	return nil
}

// vectorBinary is the kernels of an operation, where there are any: of two
// vectors, with a scalar on the right, and with one on the left.
func vectorBinary[F ops.Float](kind binaryKind) (both func(dst, x, y []F), right, left func(dst, x []F, s F)) {
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
		return vec.GreaterEqual[F], vec.GreaterEqualScalar[F], nil
	case opGt:
		return vec.Greater[F], vec.GreaterScalar[F], nil
	case opLte:
		return vec.LessEqual[F], vec.LessEqualScalar[F], nil
	case opLt:
		return vec.Less[F], vec.LessScalar[F], nil
	case opEq:
		return vec.Equal[F], vec.EqualScalar[F], nil
	case opNe:
		return vec.NotEqual[F], vec.NotEqualScalar[F], nil
	case opReLUGrad:
		return vec.ReLUGrad[F], nil, nil
	case opSigmoidGrad:
		return vec.SigmoidGrad[F], nil, nil
	case opTanhGrad:
		return vec.TanhGrad[F], nil, nil
	}
	return nil, nil, nil
}
