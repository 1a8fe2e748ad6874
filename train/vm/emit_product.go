package vm

import (
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/gemm"
)

func dtype[F ops.Float]() tensor.Dtype {
	var number F
	if _, ok := any(number).(float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

// product emits act(A B + bias), for each of a batch.
func (c *compiled[F]) product(v *value, op product, out *slot[F], in []*slot[F]) error {
	if c.vectorProduct(v, op, out, in) {
		return nil
	}
	bias := &slot[F]{}
	if op.bias {
		bias = in[2]
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
	of, err := ontoToo(v, op, p, out)
	if err != nil {
		return err
	}
	pieces := min(rowPieces(op.m, op.n*op.k), c.workers.count) // a piece for each: all pack their own operands
	if op.byRows() {
		next := &slot[F]{}
		if pieces > 1 {
			next = c.differentiated(v)
		}
		c.strips(v, op.m, stripRows, pieces, func(worker, from, to int) {
			of().RunBefore(next.data, c.spaces[worker], out.data, in[0].data, in[1].data, bias.data, from, to, 0, op.n)
		})
		return nil
	}
	held := c.heldOperand(p, in[1])
	c.strips(v, op.n, stripColumns, pieces, func(worker, from, to int) {
		if kept, packed := held.at(from); kept != nil {
			of().RunKept(kept, packed, c.spaces[worker], out.data, in[0].data, in[1].data, bias.data, 0, op.m, from, to)
			held.keep(from)
			return
		}
		of().Run(c.spaces[worker], out.data, in[0].data, in[1].data, bias.data, 0, op.m, from, to)
	})
	return nil
}

// differentiated is the input whose gradient v is, weights that solvers write when the
// run is over; or an empty slot.
func (c *compiled[F]) differentiated(v *value) *slot[F] {
	for _, in := range c.inputs {
		if in.node.Deriv() == v.node {
			return in.slot
		}
	}
	return &slot[F]{}
}

// ontoToo gives a product as it is to be run next: the gradient of weights, which
// nobody but the user reads, can be added onto other numbers.
func ontoToo[F ops.Float](v *value, op product, p *gemm.Product[F], out *slot[F]) (func() *gemm.Product[F], error) {
	shape := p.Shape
	last := !op.bias && op.act == opCopy // nothing comes after the sum
	if shape.Onto = true; !v.keep || v.uses > 1 || !shape.TransA || shape.K > gemm.MostOnto || !last {
		return func() *gemm.Product[F] { return p }, nil
	}
	onto, err := gemm.New[F](shape)
	out.adds = true
	return func() *gemm.Product[F] {
		if out.onto {
			return onto
		}
		return p
	}, err
}

// The strips that a product is cut into, and how many rows are many.
const (
	stripRows    = 6
	stripColumns = 16
	manyRows     = 200
)

// byRows tells how a product is cut: few rows by columns, so that each part packs
// its own columns of B; many rows, or few columns, by rows. Both give the same bits.
func (p product) byRows() bool { return p.m >= manyRows || p.n < 2*stripColumns }

// products emits one product for each of a batch.
func (c *compiled[F]) products(v *value, op product, p *gemm.Product[F], out *slot[F], in []*slot[F]) {
	a, b, o := op.m*op.k, op.k*op.n, op.m*op.n
	c.ranges(v, op.batch, rowPieces(op.batch*op.m, op.n*op.k), func(worker, from, to int) {
		for i := from; i < to; i++ {
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
