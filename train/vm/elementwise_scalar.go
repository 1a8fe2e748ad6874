package vm

import "math"

// applyUnary is an elementwise operation in float64.
func applyUnary(kind unaryKind, x float64) float64 {
	switch kind {
	case opAbs:
		return math.Abs(x)
	case opSign:
		switch {
		case x > 0:
			return 1
		case x < 0:
			return -1
		}
		return x // a zero or NaN
	case opCeil:
		return math.Ceil(x)
	case opFloor:
		return math.Floor(x)
	case opSin:
		return math.Sin(x)
	case opCos:
		return math.Cos(x)
	case opExp:
		return math.Exp(x)
	case opLog:
		return logarithm(x)
	case opLog2:
		return math.Log2(x)
	case opNeg:
		return -x
	case opSquare:
		return x * x
	case opSqrt:
		return math.Sqrt(x)
	case opInverse:
		return 1 / x
	case opInverseSqrt:
		return 1 / math.Sqrt(x)
	case opCube:
		return x * x * x
	case opTanh:
		return math.Tanh(x)
	case opSigmoid:
		return sigmoid(x)
	case opLog1p:
		return math.Log1p(x)
	case opExpm1:
		return math.Expm1(x)
	case opSoftplus:
		return softplus(x)
	case opReLU:
		return relu(x)
	}
	return x
}

// relu is x(x >= 0), but that the sign of a zero or NaN tells whether x >= 0.
func relu(x float64) float64 {
	if x >= 0 {
		return math.Abs(x)
	}
	return math.Copysign(x*0, -1)
}

// sigmoid is 1/(1 + exp(-x)), from the exponential that cannot overflow.
func sigmoid(x float64) float64 {
	e := math.Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// logarithm is right of denormal numbers, which Go's own, on amd64, takes for
// about 1e-308.
func logarithm(x float64) float64 {
	if x < 0x1p-1022 { // of a negative number NaN, of 0 -Inf, as without
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// softplus is log(1 + exp(x)).
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// applyBinary is an elementwise operation in float64; comparisons give 0 or 1.
func applyBinary(kind binaryKind, x, y float64) float64 {
	switch kind {
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	case opDiv:
		return x / y
	case opPow:
		return math.Pow(x, y)
	case opLt:
		return truth(x < y)
	case opGt:
		return truth(x > y)
	case opLte:
		return truth(x <= y)
	case opGte:
		return truth(x >= y)
	case opEq:
		return truth(x == y)
	case opNe:
		return truth(x != y)
	case opReLUGrad:
		if math.Signbit(x) {
			return 0 * y
		}
		return y
	case opSigmoidGrad:
		e := math.Exp(-math.Abs(x))
		return y * e / ((1 + e) * (1 + e))
	case opTanhGrad:
		return y * (1 - float64(x*x))
	}
	return math.NaN()
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
