package vm

// unaryKind and binaryKind are elementwise operations; the strings are those
// that Gorgonia's operators print, where Gorgonia has the operation.
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
	opReLU // x(x >= 0); a zero's or a NaN's sign tells whether x >= 0, see opReLUGrad
	opCopy
)

var unaryNames = [...]string{
	opAbs: "abs", opSign: "sign", opCeil: "ceil", opFloor: "floor", opSin: "sin", opCos: "cos", opExp: "exp", opLog: "ln",
	opLog2: "log2", opNeg: "neg", opSquare: "square", opSqrt: "sqrt", opInverse: "inv", opInverseSqrt: "invSqrt",
	opCube: "cube", opTanh: "tanh", opSigmoid: "sigmoid", opLog1p: "log1p", opExpm1: "expm1", opSoftplus: "softplus",
	opReLU: "relu", opCopy: "copy",
}

func (k unaryKind) String() string { return unaryNames[k] }

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
	opReLUGrad    // (y, dy): dy times 1 where y = relu(x) came from x >= 0, else times 0
	opSigmoidGrad // (x, dy): dy sigmoid(x) sigmoid(-x)
	opTanhGrad    // (y, dy): dy (1 - y^2), y = tanh(x)
)

var binaryNames = [...]string{
	opAdd: "+", opSub: "-", opMul: "⊙", opDiv: "÷", opPow: "^", opLt: "<", opGt: ">", opLte: "<=", opGte: ">=", opEq: "==", opNe: "!=",
	opReLUGrad: "reluGrad", opSigmoidGrad: "sigmoidGrad", opTanhGrad: "tanhGrad",
}

func (k binaryKind) String() string { return binaryNames[k] }

// kindOf finds an operation of Gorgonia's by what it prints.
func kindOf[K ~int](names []string, text string, gorgonias K) (K, bool) {
	for i, name := range names[:gorgonias] {
		if name == text {
			return K(i), true
		}
	}
	return 0, false
}
