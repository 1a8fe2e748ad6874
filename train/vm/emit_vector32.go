package vm

import (
	"symgrad/train/vm/kernel/gemm"
	"symgrad/train/vm/kernel/vec"
)

// product32 emits a product in float32. Few rows are cut by columns, so that
// each part packs its own columns of B; many rows are cut by rows. Both give the
// same bits.
func product32(c *compiled[float32], v *value, op product, out *slot[float32], in []*slot[float32]) error {
	m, n, k := op.m, op.n, op.k
	p, err := gemm.New[float32](gemm.Shape{M: m, N: n, K: k, TransA: op.transA, TransB: op.transB, Activation: activation(op.act)})
	if err != nil {
		return err
	}
	workspaces := make([][]float32, c.workers.count)
	for i := range workspaces {
		workspaces[i] = make([]float32, p.WorkspaceLen())
	}
	length, step := n, 16
	if m >= 200 || n < 2*step {
		length, step = m, 6
	}
	parts := (length + step - 1) / step
	pieces := min(parts, rowPieces(m, n*k), c.workers.count) // a piece for each: all pack their own operands
	c.add(v, pieces, func(worker, piece int) {
		from, to := piece*parts/pieces*step, min((piece+1)*parts/pieces*step, length)
		if length == m && step == 6 {
			p.Run(workspaces[worker], out.data, in[0].data, in[1].data, in[2].data, from, to, 0, n)
		} else {
			p.Run(workspaces[worker], out.data, in[0].data, in[1].data, in[2].data, 0, m, from, to)
		}
	})
	return nil
}

// batchProduct32 emits one product for each of a batch.
func batchProduct32(c *compiled[float32], v *value, op product, out *slot[float32], in []*slot[float32]) error {
	m, n, k := op.m, op.n, op.k
	p, err := gemm.New[float32](gemm.Shape{M: m, N: n, K: k, TransA: op.transA, TransB: op.transB, Activation: activation(op.act)})
	if err != nil {
		return err
	}
	workspaces := make([][]float32, c.workers.count)
	for i := range workspaces {
		workspaces[i] = make([]float32, p.WorkspaceLen())
	}
	pieces := min(rowPieces(op.batch*m, n*k), op.batch)
	c.add(v, pieces, func(worker, piece int) {
		for b := piece * op.batch / pieces; b < (piece+1)*op.batch/pieces; b++ {
			p.Run(workspaces[worker], out.data[b*m*n:(b+1)*m*n], in[0].data[b*m*k:(b+1)*m*k], in[1].data[b*k*n:(b+1)*k*n], nil, 0, m, 0, n)
		}
	})
	return nil
}

func activation(kind unaryKind) gemm.Activation {
	switch kind {
	case opReLU:
		return gemm.ReLU
	case opSigmoid:
		return gemm.Sigmoid
	case opTanh:
		return gemm.Tanh
	}
	return gemm.NoActivation
}

// unary32 is the assembly loop of an operation, where there is one.
func unary32(kind unaryKind) func(dst, x []float32) {
	switch kind {
	case opNeg:
		return vec.Neg[float32]
	case opAbs:
		return vec.Abs[float32]
	case opSquare:
		return vec.Square[float32]
	case opCube:
		return vec.Cube[float32]
	case opSqrt:
		return vec.Sqrt[float32]
	case opInverse:
		return vec.Inverse[float32]
	case opExp:
		return vec.Exp[float32]
	case opSigmoid:
		return vec.Sigmoid[float32]
	case opTanh:
		return vec.Tanh[float32]
	case opReLU:
		return vec.ReLU[float32]
	}
	return nil
}

// binary32 is the assembly loops of an operation, where there are any.
func binary32(kind binaryKind) (both func(dst, x, y []float32), right, left func(dst, x []float32, s float32)) {
	switch kind {
	case opAdd:
		return vec.Add, vec.AddScalar, vec.AddScalar
	case opSub:
		return vec.Sub, func(dst, x []float32, s float32) { vec.AddScalar(dst, x, -s) }, vec.SubFrom
	case opMul:
		return vec.Mul, vec.MulScalar, vec.MulScalar
	case opDiv:
		return vec.Div, nil, vec.DivInto
	case opGte:
		return vec.GreaterEqual, vec.GreaterEqualScalar, nil
	case opGt:
		return vec.Greater, vec.GreaterScalar, nil
	case opLte:
		return vec.LessEqual, vec.LessEqualScalar, nil
	case opLt:
		return vec.Less, vec.LessScalar, nil
	case opReLUGrad:
		return vec.ReLUGrad, nil, nil
	case opSigmoidGrad:
		return sigmoidGrad32, nil, nil
	case opTanhGrad:
		return vec.TanhGrad, nil, nil
	}
	return nil, nil, nil
}

// sigmoidGrad32 is dy sigmoid(x) sigmoid(-x) = dy e / (1 + e)^2, e = exp(-|x|):
// right to the last digits where a sigmoid is saturated too.
func sigmoidGrad32(dst, x, dy []float32) {
	var block [blockLen]float32
	e := block[:len(x)]
	vec.Abs(e, x)
	vec.Neg(e, e)
	vec.Exp(e, e)
	for i, v := range e {
		s := 1 + v
		dst[i] = v / (s * s) * dy[i]
	}
}
