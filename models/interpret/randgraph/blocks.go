package randgraph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// network adds layers as networks have them, since operators drawn one by one
// hardly ever make a chain that a compiler fuses. Whatever is between two
// operators may be used again like any other node.
func (b *builder) network() {
	x := b.input(tensor.Shape{1 + b.pick(3), 1 + b.pick(3), 5 + b.pick(8), 5 + b.pick(8)})
	for range 1 + b.pick(3) {
		y := b.add(b.convolution(x))
		for range b.pick(4) {
			y = b.add(b.beside(y))
		}
		x = y
	}
	s := x.Shape()
	x = b.add(G.Reshape(x, tensor.Shape{s[0], s.TotalSize() / s[0]}))
	for range b.pick(3) {
		x = b.add(G.Mul(x, b.input(tensor.Shape{x.Shape()[1], 1 + b.pick(5)})))
		for range b.pick(3) {
			x = b.add(b.beside(x))
		}
	}
}

// add puts a node that could be built into the pool; else it gives the last.
func (b *builder) add(y *G.Node, err error) *G.Node {
	if err != nil || y == nil {
		return b.pool[len(b.pool)-1]
	}
	b.pool = append(b.pool, y)
	b.note("%%%d = %v %v", len(b.pool)-1, y, y.Shape())
	return y
}

func (b *builder) convolution(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	kernel := tensor.Shape{1 + b.pick(9), s[1], 1 + b.pick(min(3, s[2])), 1 + b.pick(min(3, s[3]))}
	return ops.Conv2D(x, b.input(kernel), [2]int{1 + b.pick(4)/3, 1 + b.pick(4)/3}, [2]int{b.pick(2), b.pick(2)})
}

// beside adds what follows a convolution or a product: bias, activation, pool.
func (b *builder) beside(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	switch b.pick(6) {
	case 0, 1:
		return []func(*G.Node) (*G.Node, error){G.Rectify, G.Sigmoid, G.Tanh}[b.pick(3)](x)
	case 2, 3:
		if len(s) == 4 {
			size := [2]int{min(s[2], 2+b.pick(4)/3), min(s[3], 2+b.pick(4)/3)}
			if b.pick(4) == 0 {
				return ops.MeanPool(x, size, size)
			}
			return ops.MaxPool(x, size, [2]int{2, 2 - b.pick(4)/3})
		}
	}
	return ops.AddBias(x, b.input(tensor.Shape{s[1]}))
}
