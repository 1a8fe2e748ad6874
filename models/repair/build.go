package repair

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
)

// builder adds operators to a graph and keeps the first error; what comes after
// one is nil.
type builder struct{ err error }

func (b *builder) keep(n *G.Node, err error) *G.Node {
	if b.err == nil && err != nil {
		b.err = err
	}
	if b.err != nil {
		return nil
	}
	return n
}

func (b *builder) one(f func(x *G.Node) (*G.Node, error), x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.keep(f(x))
}

func (b *builder) two(f func(x, y *G.Node) (*G.Node, error), x, y *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.keep(f(x, y))
}

func (b *builder) add(x, y *G.Node) *G.Node { return b.two(G.Add, x, y) }
func (b *builder) sub(x, y *G.Node) *G.Node { return b.two(G.Sub, x, y) }
func (b *builder) mul(x, y *G.Node) *G.Node { return b.two(G.HadamardProd, x, y) }
func (b *builder) div(x, y *G.Node) *G.Node { return b.two(G.HadamardDiv, x, y) }
func (b *builder) neg(x *G.Node) *G.Node    { return b.one(G.Neg, x) }

func (b *builder) apply(op G.Op, in ...*G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.keep(G.ApplyOp(op, in...))
}

// scale multiplies by a number.
func (b *builder) scale(x *G.Node, by float64) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.mul(b.number(x, by), x)
}

func (b *builder) reshape(x *G.Node, to ...int) *G.Node {
	if b.err != nil || x.Shape().Eq(tensor.Shape(to)) && x.Dims() == len(to) {
		return x
	}
	return b.keep(reshape(x, to))
}

// reshape makes a copy: see [Op.Do].
func reshape(x *G.Node, to tensor.Shape) (*G.Node, error) {
	return right(func(x *G.Node) (*G.Node, error) { return G.Reshape(x, to.Clone()) }, x)
}

// number is a constant beside x.
func (b *builder) number(x *G.Node, v float64) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.keep(number(x, v))
}

// sum adds up over axes that stay, with a length of one.
func (b *builder) sum(x *G.Node, axes ...int) *G.Node {
	if b.err != nil {
		return nil
	}
	to := x.Shape().Clone()
	for _, a := range axes {
		to[a] = 1
	}
	return b.reshape(b.keep(Sum(x, axes...)), to...)
}

// spread is f of x and of s, whose axes have a length of one and are repeated.
func (b *builder) spread(f func(x, s *G.Node, left, right []byte) (*G.Node, error), x, s *G.Node, axes ...int) *G.Node {
	if b.err != nil {
		return nil
	}
	var right []byte
	for _, a := range axes {
		if x.Shape()[a] > 1 {
			right = append(right, byte(a))
		}
	}
	return b.keep(f(x, s, nil, right))
}

// number is a constant of a node's float type in its graph. Constants are told
// apart by their name alone.
func number(like *G.Node, v float64) (*G.Node, error) {
	switch like.Dtype() {
	case tensor.Float64:
		return like.Graph().AddNode(G.NewConstant(v, G.WithName(fmt.Sprintf("repair: %v", v)))), nil
	case tensor.Float32:
		return like.Graph().AddNode(G.NewConstant(float32(v), G.WithName(fmt.Sprintf("repair: %v, float32", v)))), nil
	}
	return nil, fmt.Errorf("%v is of %v: want float32 or float64", like, like.Dtype())
}

// zeros is a constant of a node's shape.
func zeros(like *G.Node) (*G.Node, error) {
	if like.IsScalar() {
		return number(like, 0)
	}
	if d := like.Dtype(); d != tensor.Float64 && d != tensor.Float32 {
		return nil, fmt.Errorf("repair: %v is of %v: want float32 or float64", like, d)
	}
	return filled(like, like.Shape(), 0), nil
}

// filled is a constant of a node's float type, a number in every place.
func filled(like *G.Node, shape tensor.Shape, with float64) *G.Node {
	numbers := make([]float64, volume(shape))
	for i := range numbers {
		numbers[i] = with
	}
	v := interpret.Float(like.Dtype(), shape, numbers)
	return like.Graph().AddNode(G.NewConstant(v, G.WithName(fmt.Sprintf("repair: all %g %v %v", with, shape, like.Dtype()))))
}

// around gives the lengths before an axis, of it, and after it.
func around(shape tensor.Shape, axis int) (outer, n, inner int) {
	return volume(shape[:axis]), shape[axis], volume(shape[axis+1:])
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
