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

func (b *builder) reshape(x *G.Node, shape ...int) *G.Node {
	return b.do(func() (*G.Node, error) { return G.Reshape(x, shape) })
}

// row is one of a matrix, and columns some of its columns, by products with ones and
// zeros: gorgonia.Slice panics where a shape is another than its node's.
func (b *builder) row(x *G.Node, i, of int) *G.Node {
	return b.matmul(b.ones(1, of, func(_, k int) bool { return k == i }), x)
}

func (b *builder) columns(x *G.Node, from, count, of int) *G.Node {
	return b.matmul(x, b.ones(of, count, func(k, j int) bool { return k == from+j }))
}

func (b *builder) matmul(x, y *G.Node) *G.Node {
	return b.do(func() (*G.Node, error) { return G.Mul(x, y) })
}

// ones is a matrix that is 1 where is says so, else 0.
func (b *builder) ones(rows, columns int, is func(row, column int) bool) *G.Node {
	if b.like.Dtype() == tensor.Float32 {
		return onesOf[float32](b, rows, columns, is)
	}
	return onesOf[float64](b, rows, columns, is)
}

func onesOf[F Float](b *builder, rows, columns int, is func(row, column int) bool) *G.Node {
	data := make([]F, rows*columns)
	for k := range data {
		if is(k/columns, k%columns) {
			data[k] = 1
		}
	}
	return b.like.Graph().AddNode(G.NewConstant(tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(data))))
}

// image is one of a batch, as a batch of its own.
func (b *builder) image(x *G.Node, i int) *G.Node {
	s := x.Shape()
	flat := b.reshape(x, s[0], s[1]*s[2]*s[3])
	return b.reshape(b.row(flat, i, s[0]), 1, s[1], s[2], s[3])
}

// batch puts images together.
func (b *builder) batch(images G.Nodes) *G.Node {
	return b.do(func() (*G.Node, error) { return G.Concat(0, images...) })
}

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
