package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// builder adds the nodes of a formula, up to its first error.
type builder struct {
	like *G.Node // of the float type that constants are to have
	err  error
}

func (b *builder) do(f func() (*G.Node, error)) (n *G.Node) {
	if b.err == nil {
		n, b.err = f()
	}
	return n
}

func (b *builder) apply(op G.Op, operands ...*G.Node) *G.Node {
	return b.do(func() (*G.Node, error) { return G.ApplyOp(op, operands...) })
}

// product is elementwise; either may be a scalar.
func (b *builder) product(x, y *G.Node) *G.Node {
	return b.do(func() (*G.Node, error) { return G.HadamardProd(x, y) })
}

func (b *builder) difference(x, y *G.Node) *G.Node {
	return b.do(func() (*G.Node, error) { return G.Sub(x, y) })
}

// sum is over all of a matrix.
func (b *builder) sum(x *G.Node) *G.Node { return b.do(func() (*G.Node, error) { return G.Sum(x) }) }

func (b *builder) rowSums(x *G.Node) *G.Node { return b.apply(RowSumsOp{}, x) }
func (b *builder) softmax(z *G.Node) *G.Node { return b.apply(SoftmaxOp{}, z) }

// softmaxProduct is the Jacobian of the softmax p, row by row, times u:
// p (u - <p, u>).
func (b *builder) softmaxProduct(p, u *G.Node) *G.Node {
	return b.product(p, b.difference(u, b.rowSums(b.product(p, u))))
}

func (b *builder) constant(v float64) *G.Node {
	if b.like.Dtype() == tensor.Float32 {
		return G.NewConstant(float32(v))
	}
	return G.NewConstant(v)
}
