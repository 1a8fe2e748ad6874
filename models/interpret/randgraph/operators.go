package randgraph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

var unaries = []func(*G.Node) (*G.Node, error){
	G.Rectify, func(x *G.Node) (*G.Node, error) { return G.LeakyRelu(x, 0.1) },
	G.Sigmoid, G.Tanh, G.Square, G.Neg, G.Sin, G.Cos, G.Softplus, G.Cube, G.Abs,
	func(x *G.Node) (*G.Node, error) { return G.Exp(G.Must(G.Tanh(x))) },
	func(x *G.Node) (*G.Node, error) { return G.Sqrt(G.Must(G.Sigmoid(x))) },
	func(x *G.Node) (*G.Node, error) { return G.Log(G.Must(G.Softplus(x))) },
	func(x *G.Node) (*G.Node, error) { return G.Log1p(G.Must(G.Sigmoid(x))) },
	func(x *G.Node) (*G.Node, error) { return G.Expm1(G.Must(G.Sin(x))) },
	func(x *G.Node) (*G.Node, error) { return G.Inverse(G.Must(G.Softplus(x))) },
	G.Sign,
}

var binaries = []func(a, b *G.Node) (*G.Node, error){
	G.Add, G.Sub, G.HadamardProd,
	func(a, b *G.Node) (*G.Node, error) { return G.HadamardDiv(a, G.Must(G.Softplus(b))) },
	func(a, b *G.Node) (*G.Node, error) { return G.Gte(a, b, true) },
	func(a, b *G.Node) (*G.Node, error) { return G.Lt(a, b, true) },
}

// apply adds one operator on x; an error where it does not fit.
func (b *builder) apply(x *G.Node) (y *G.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			y, err = nil, fmt.Errorf("%v", r)
		}
	}()
	s := x.Shape()
	axis := b.pick(max(len(s), 1))
	switch b.pick(17) {
	case 0, 1, 2:
		return unaries[b.pick(len(unaries))](x)
	case 3, 4:
		return binaries[b.pick(len(binaries))](x, b.like(s))
	case 5:
		c := G.NewConstant([]float64{1, 0, 2, -0.5}[b.pick(4)])
		if b.opt.Dtype == tensor.Float32 {
			c = G.NewConstant([]float32{1, 0, 2, -0.5}[b.pick(4)])
		}
		if b.pick(2) == 0 {
			return binaries[b.pick(3)](x, c)
		}
		return binaries[b.pick(3)](c, x)
	case 6, 7:
		return b.product(x)
	case 8:
		if b.pick(2) == 0 {
			return G.Sum(x, axis)
		}
		return G.Mean(x, axis)
	case 9:
		if b.pick(3) == 0 {
			return G.Sum(x)
		}
		return G.Max(x, axis)
	case 10:
		if b.pick(2) == 0 {
			return G.SoftMax(x, axis)
		}
		return G.LogSoftMax(x, axis)
	case 11:
		if b.pick(2) == 0 {
			return b.byIndices(x, axis)
		}
		return b.slice(x, axis)
	case 12:
		return G.Concat(axis, x, b.like(s))
	case 13:
		return b.rearrange(x)
	case 14:
		if len(s) == 2 {
			return G.BroadcastAdd(x, b.like(tensor.Shape{1, s[1]}), nil, []byte{0})
		}
		return unaries[b.pick(len(unaries))](x)
	case 15:
		return b.moded(x)
	}
	return b.image(x)
}

// like gives a node of a shape: one that is there, or a new input.
func (b *builder) like(shape tensor.Shape) *G.Node {
	for range 3 {
		if n := b.any(); n.Shape().Eq(shape) && n.Dims() == len(shape) {
			return n
		}
	}
	for _, n := range b.pool {
		if n.Shape().Eq(shape) && n.Dims() == len(shape) && b.pick(2) == 0 {
			return n
		}
	}
	if len(shape) == 0 {
		return b.pool[0]
	}
	return b.input(shape.Clone())
}

func (b *builder) product(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	n := 1 + b.pick(5)
	switch len(s) {
	case 1:
		switch b.pick(3) {
		case 0:
			return G.Mul(x, b.like(s))
		case 1:
			return G.OuterProd(x, b.like(tensor.Shape{n + 1}))
		}
		return G.Mul(b.like(tensor.Shape{n + 1, s[0]}), x)
	case 2:
		switch b.pick(3) {
		case 0:
			return G.Mul(x, b.like(tensor.Shape{s[1]}))
		case 1:
			return G.Mul(G.Must(G.Transpose(x)), b.like(tensor.Shape{s[0], n}))
		}
		return G.Mul(x, b.like(tensor.Shape{s[1], n}))
	case 3:
		return G.BatchedMatMul(x, b.like(tensor.Shape{s[0], s[2], n}))
	}
	return nil, nil
}

func (b *builder) slice(x *G.Node, axis int) (*G.Node, error) {
	s := x.Shape()
	if len(s) == 0 {
		return nil, nil
	}
	from := b.pick(s[axis])
	to := from + 1 + b.pick(s[axis]-from)
	ranges := make([]tensor.Slice, len(s))
	ranges[axis] = G.S(from, to)
	return G.Slice(x, ranges...)
}

// byIndices looks up rows of an axis, some of them twice.
func (b *builder) byIndices(x *G.Node, axis int) (*G.Node, error) {
	s := x.Shape()
	if len(s) == 0 {
		return nil, nil
	}
	rows := make([]int, 1+b.pick(4))
	for i := range rows {
		rows[i] = b.pick(s[axis])
	}
	v := tensor.New(tensor.WithShape(len(rows)), tensor.WithBacking(rows))
	n := G.NewVector(b.graph.Expr, tensor.Int, G.WithShape(len(rows)), G.WithName(fmt.Sprint("rows", len(b.graph.Steps))), G.WithValue(v))
	return G.ByIndices(x, n, axis)
}

func (b *builder) rearrange(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	if b.pick(2) == 0 || len(s) < 2 {
		return G.Reshape(x, tensor.Shape{s.TotalSize()})
	}
	perm := make([]int, len(s))
	shift := 1 + b.pick(len(s))
	for i := range perm {
		perm[i] = (i + shift) % len(s)
	}
	return G.Transpose(x, perm...)
}

// image adds one of our own operators: convolutions, pools, bias, cross-entropy.
func (b *builder) image(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	switch len(s) {
	case 2:
		if b.pick(2) == 0 {
			return ops.AddBias(x, b.like(tensor.Shape{s[1]}))
		}
		return ops.SoftmaxCrossEntropy(x, G.Must(G.Sigmoid(b.like(s))))
	case 4:
		choice := b.pick(7)
		if b.opt.Special { // Gorgonia's convolutions are products, its pools pass over NaN
			choice = min(choice, 3)
		}
		switch choice {
		case 4:
			kernel := tensor.Shape{1 + b.pick(2), 1 + b.pick(2)}
			filter := b.like(tensor.Shape{1 + b.pick(4), s[1], kernel[0], kernel[1]})
			return G.Conv2d(x, filter, kernel, []int{b.pick(2), b.pick(2)}, []int{1 + b.pick(2), 1}, []int{1, 1})
		case 5:
			return G.MaxPool2D(x, tensor.Shape{min(2, s[2]), min(2, s[3])}, []int{0, 0}, []int{1 + b.pick(2), 2})
		case 0, 1:
			return ops.Conv2D(x, b.like(tensor.Shape{1 + b.pick(4), s[1], 1 + b.pick(2), 1 + b.pick(2)}), [2]int{1, 1}, [2]int{b.pick(2), 0})
		case 2:
			return ops.MaxPool(x, [2]int{min(2, s[2]), min(2, s[3])}, [2]int{1 + b.pick(2), 2})
		}
		return ops.AddBias(x, b.like(tensor.Shape{s[1]}))
	}
	return nil, nil
}
