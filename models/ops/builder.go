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

// rows picks rows of a matrix, from on, and columns picks columns, by a product:
// gorgonia.Slice panics where a shape is another than its node's.
func (b *builder) rows(x *G.Node, from, count, of int) *G.Node {
	return b.matmul(b.ones(count, of, func(i int) (int, int) { return i, from + i }), x)
}

func (b *builder) columns(x *G.Node, from, count, of int) *G.Node {
	return b.matmul(x, b.ones(of, count, func(i int) (int, int) { return from + i, i }))
}

func (b *builder) matmul(x, y *G.Node) *G.Node {
	return b.do(func() (*G.Node, error) { return G.Mul(x, y) })
}

// ones is a matrix of zeros with ones at min(rows, columns) places.
func (b *builder) ones(rows, columns int, at func(i int) (row, column int)) *G.Node {
	v := tensor.New(tensor.Of(b.like.Dtype()), tensor.WithShape(rows, columns))
	for i := range min(rows, columns) {
		r, c := at(i)
		switch data := v.Data().(type) {
		case []float64:
			data[r*columns+c] = 1
		case []float32:
			data[r*columns+c] = 1
		}
	}
	return b.like.Graph().AddNode(G.NewConstant(v))
}

// image is one of a batch, as a batch of its own.
func (b *builder) image(x *G.Node, i int) *G.Node {
	s := x.Shape()
	flat := b.reshape(x, s[0], s[1]*s[2]*s[3])
	return b.reshape(b.rows(flat, i, 1, s[0]), 1, s[1], s[2], s[3])
}

// batch puts images together.
func (b *builder) batch(images G.Nodes) *G.Node {
	if len(images) == 1 {
		return images[0]
	}
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
