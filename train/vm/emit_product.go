package vm

import (
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/gemm"
)

func dtype[F ops.Float]() tensor.Dtype {
	if _, ok := any(F(0)).(float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

// rowPieces is how many pieces a job of m rows is worth, each row costing so
// many operations.
func rowPieces(m, cost int) int {
	const worth = 1 << 16 // operations that pay for sharing them
	return max(1, min(m, 16, m*cost/worth))
}

// product emits act(A B + bias), for each of a batch.
func (c *compiled[F]) product(v *value, op product, out *slot[F], in []*slot[F]) error {
	if len(in) < 3 {
		in = append(in, &slot[F]{})
	}
	if c.vectorProduct(v, op, out, in) {
		return nil
	}
	p, err := gemm.New[F](gemm.Shape{M: op.m, N: op.n, K: op.k, TransA: op.transA, TransB: op.transB, Activation: activation(op.act)})
	if err != nil {
		return err
	}
	c.need(p.WorkspaceLen())
	if op.batch > 1 {
		c.products(v, op, p, out, in)
		return nil
	}
	// Few rows are cut by columns, so that each part packs its own columns of B; many
	// rows are cut by rows. Both give the same bits.
	byRows, length, step := false, op.n, 16
	if op.m >= 200 || op.n < 2*step {
		byRows, length, step = true, op.m, 6
	}
	parts := (length + step - 1) / step
	pieces := min(parts, rowPieces(op.m, op.n*op.k), c.workers.count) // a piece for each: all pack their own operands
	c.add(v, pieces, func(worker, piece int) {
		from, to := piece*parts/pieces*step, min((piece+1)*parts/pieces*step, length)
		if byRows {
			p.Run(c.spaces[worker], out.data, in[0].data, in[1].data, in[2].data, from, to, 0, op.n)
		} else {
			p.Run(c.spaces[worker], out.data, in[0].data, in[1].data, in[2].data, 0, op.m, from, to)
		}
	})
	return nil
}

// products emits one product for each of a batch.
func (c *compiled[F]) products(v *value, op product, p *gemm.Product[F], out *slot[F], in []*slot[F]) {
	a, b, o := op.m*op.k, op.k*op.n, op.m*op.n
	pieces := min(rowPieces(op.batch*op.m, op.n*op.k), op.batch)
	c.add(v, pieces, func(worker, piece int) {
		for i := piece * op.batch / pieces; i < (piece+1)*op.batch/pieces; i++ {
			p.Run(c.spaces[worker], out.data[i*o:(i+1)*o], in[0].data[i*a:(i+1)*a], in[1].data[i*b:(i+1)*b], nil, 0, op.m, 0, op.n)
		}
	})
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
