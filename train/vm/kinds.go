package vm

// unaryKind and binaryKind are elementwise operations; the strings are those
// that Gorgonia's operators print.
type (
	unaryKind  int
	binaryKind int
)

const (
	opAbs unaryKind = iota
	opSign
	opCeil
	opFloor
	opSin
	opCos
	opExp
	opLog
	opLog2
	opNeg
	opSquare
	opSqrt
	opInverse
	opInverseSqrt
	opCube
	opTanh
	opSigmoid
	opLog1p
	opExpm1
	opSoftplus
	opReLU // x where x >= 0, else -0, as x*(x>=0) gives
	opCopy
)

var unaryNames = map[string]unaryKind{
	"abs": opAbs, "sign": opSign, "ceil": opCeil, "floor": opFloor, "sin": opSin, "cos": opCos, "exp": opExp, "ln": opLog,
	"log2": opLog2, "neg": opNeg, "square": opSquare, "sqrt": opSqrt, "inv": opInverse, "invSqrt": opInverseSqrt,
	"cube": opCube, "tanh": opTanh, "sigmoid": opSigmoid, "log1p": opLog1p, "expm1": opExpm1, "softplus": opSoftplus,
}

const (
	opAdd binaryKind = iota
	opSub
	opMul
	opDiv
	opPow
	opLt
	opGt
	opLte
	opGte
	opEq
	opNe
	opReLUGrad    // (y, dy): dy where y = relu(x) came from x >= 0, else 0
	opSigmoidGrad // (y, dy): dy y (1 - y)
	opTanhGrad    // (y, dy): dy (1 - y^2)
)

var binaryNames = map[string]binaryKind{
	"+": opAdd, "-": opSub, "⊙": opMul, "÷": opDiv, "^": opPow, "<": opLt, ">": opGt, "<=": opLte, ">=": opGte, "==": opEq, "!=": opNe,
}
