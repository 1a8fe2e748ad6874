package vm

import (
	"symgrad/train/vm/kernel"
)

// product32 emits a product in float32. Few rows are cut by columns, so that
// each part packs its own columns of B; many rows are cut by rows. Both give the
// same bits.
func product32(c *compiled[float32], v *value, op product, out *slot[float32], in []*slot[float32]) error {
	m, n, k := op.m, op.n, op.k
	p, err := kernel.NewProduct(kernel.ProductShape{M: m, N: n, K: k, TransA: op.transA, TransB: op.transB, Activation: activation(op.act)})
	if err != nil {
		return err
	}
	workspaces := make([]*kernel.Workspace, c.workers.count)
	for i := range workspaces {
		workspaces[i] = new(kernel.Workspace)
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
	p, err := kernel.NewProduct(kernel.ProductShape{M: m, N: n, K: k, TransA: op.transA, TransB: op.transB, Activation: activation(op.act)})
	if err != nil {
		return err
	}
	workspaces := make([]*kernel.Workspace, c.workers.count)
	for i := range workspaces {
		workspaces[i] = new(kernel.Workspace)
	}
	pieces := min(rowPieces(op.batch*m, n*k), op.batch)
	c.add(v, pieces, func(worker, piece int) {
		for b := piece * op.batch / pieces; b < (piece+1)*op.batch/pieces; b++ {
			p.Run(workspaces[worker], out.data[b*m*n:(b+1)*m*n], in[0].data[b*m*k:(b+1)*m*k], in[1].data[b*k*n:(b+1)*k*n], nil, 0, m, 0, n)
		}
	})
	return nil
}

func activation(kind unaryKind) kernel.Activation {
	switch kind {
	case opReLU:
		return kernel.ReLUActivation
	case opSigmoid:
		return kernel.SigmoidActivation
	case opTanh:
		return kernel.TanhActivation
	}
	return kernel.NoActivation
}

// unary32 is the assembly loop of an operation, where there is one.
func unary32(kind unaryKind) func(dst, x []float32) {
	switch kind {
	case opNeg:
		return kernel.Neg
	case opAbs:
		return kernel.Abs
	case opSquare:
		return kernel.Square
	case opCube:
		return kernel.Cube
	case opSqrt:
		return kernel.Sqrt
	case opInverse:
		return kernel.Inverse
	case opExp:
		return kernel.Exp
	case opSigmoid:
		return kernel.Sigmoid
	case opTanh:
		return kernel.Tanh
	case opReLU:
		return kernel.ReLU
	}
	return nil
}

// binary32 is the assembly loops of an operation, where there are any.
func binary32(kind binaryKind) (both func(dst, x, y []float32), right, left func(dst, x []float32, s float32)) {
	switch kind {
	case opAdd:
		return kernel.Add, kernel.AddScalar, kernel.AddScalar
	case opSub:
		return kernel.Sub, func(dst, x []float32, s float32) { kernel.AddScalar(dst, x, -s) }, kernel.SubFrom
	case opMul:
		return kernel.Mul, kernel.MulScalar, kernel.MulScalar
	case opDiv:
		return kernel.Div, nil, kernel.DivInto
	case opGte:
		return kernel.GreaterEqual, kernel.GreaterEqualScalar, nil
	case opGt:
		return kernel.Greater, kernel.GreaterScalar, nil
	case opLte:
		return kernel.LessEqual, kernel.LessEqualScalar, nil
	case opLt:
		return kernel.Less, kernel.LessScalar, nil
	case opReLUGrad:
		return kernel.ReLUGrad, nil, nil
	case opSigmoidGrad:
		return sigmoidGrad32, nil, nil
	case opTanhGrad:
		return kernel.TanhGrad, nil, nil
	}
	return nil, nil, nil
}

// sigmoidGrad32 is dy sigmoid(x) sigmoid(-x) = dy e / (1 + e)^2, e = exp(-|x|):
// right to the last digits where a sigmoid is saturated too.
func sigmoidGrad32(dst, x, dy []float32) {
	var block [blockLen]float32
	e := block[:len(x)]
	kernel.Abs(e, x)
	kernel.Neg(e, e)
	kernel.Exp(e, e)
	for i, v := range e {
		s := 1 + v
		dst[i] = v / (s * s) * dy[i]
	}
}
