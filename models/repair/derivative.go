package repair

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// derivative is what Gorgonia has wrong, or not at all, of an operator whose
// values are right.
type derivative struct {
	why string
	wrt []bool // by which operands there is one
	// only tells where Gorgonia's is wrong; nil: everywhere.
	only func(in G.Nodes) bool
	// of takes dL/dy to the operands; those that are not needed may be nil.
	of func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error)
}

// derivativeOf gives the right derivative where Gorgonia's is not; nil for any
// other operator.
func derivativeOf(op G.Op) *derivative {
	switch op := stock.Decode(op).(type) {
	case stock.Unary:
		switch op.Name {
		case "log2":
			return &derivative{why: "its gradient is dy/(x/ln 2) in place of dy/(x ln 2)", wrt: []bool{true}, of: log2}
		case "invSqrt":
			return &derivative{why: "its gradient is -dy/(2 y^3) in place of -dy y^3/2", wrt: []bool{true}, of: inverseSqrt}
		}
	case stock.Binary:
		if op.Name == "^" {
			return &derivative{why: "its gradient takes the logarithm of x, which turns a softmax into its logarithm", wrt: []bool{true, true}, of: pow, only: ofSoftmax}
		}
	case stock.Reshape:
		return &derivative{why: "its gradient by a scalar is a tensor, which TapeMachine refuses", wrt: []bool{true}, only: ofScalar, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			dx, err := reshape(dy, in[0].Shape())
			return G.Nodes{dx}, err
		}}
	case stock.Outer:
		return &derivative{why: "its gradient has the wrong shape", wrt: []bool{true, true}, of: outer}
	case stock.Repeat:
		return &derivative{why: "its gradient adds up numbers of different origin", wrt: []bool{true, false}, only: ofMany(op.Axis), of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return repeat(op.Axis, in, y, dy)
		}}
	case stock.SliceGrad:
		return &derivative{why: "its gradient goes to the tensor that was cut, not to what is put in its place", wrt: []bool{false, true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return sliceGrad(op.Slice, in, dy)
		}}
	case stock.At:
		return &derivative{why: "it has no gradient, and TapeMachine takes the whole tensor for the number", wrt: []bool{true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return at(op.Place, in[0], dy)
		}}
	case stock.Softmax:
		return &derivative{why: "its gradient takes the last axis of a column, its values the first", wrt: []bool{true}, only: ofColumn(op.Axis), of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return softmax(op, in, y, dy)
		}}
	case stock.SoftmaxGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, true, true}, of: softmaxGrad{op.Axis, op.Log}.pulledBack}
	case stock.Max:
		return &derivative{why: "it is right", wrt: []bool{true}, only: never, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return maximum(op.Axes, in, y, dy)
		}}
	case stock.Sparsemax:
		return &derivative{why: "its gradient adds up over axis 1, whatever the shape, and has no gradient", wrt: []bool{true}, of: sparsemax}
	case stock.GroupNorm:
		return &derivative{why: "its gradient has no gradient", wrt: []bool{true}, of: groupNorm(op).pulledBack}
	case stock.GroupNormGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, false}, only: never, of: func(G.Nodes, *G.Node, *G.Node, []bool) (G.Nodes, error) {
			return nil, fmt.Errorf("the operator has none: Grad in place of gorgonia.Grad gives another")
		}}
	case stock.BatchNormGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{true, true}, of: batchNormGrad{op.BatchNorm}.pulledBack}
	case stock.DropoutGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, false, true}, of: dropoutGrad}
	case stock.MaxPoolGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, false, true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			var b builder
			return G.Nodes{nil, nil, b.pick(op.MaxPool, [2]int{}, in[0], dy)}, b.err
		}}
	case stock.PaddedMaxPoolGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, false, true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			var b builder
			return G.Nodes{nil, nil, b.pick(op.MaxPool, op.Pad, in[0], dy)}, b.err
		}}
	case stock.UpsampleGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, false, true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			var b builder
			return G.Nodes{nil, nil, b.keep(G.Upsample2D(dy, op.Scale))}, b.err
		}}
	case stock.ByIndices:
		return &derivative{why: "it takes other rows than those asked for, of other axes than the first of a matrix", wrt: []bool{true, false}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			return byIndices(op.Axis, in, dy)
		}}
	case stock.CTCLoss:
		return &derivative{why: "its gradient is that of a log-softmax before it, is not divided for a mean, and -Inf beyond a sequence's end", wrt: []bool{true, false, false, false}, of: ctcGrad}
	case stock.Col2Im:
		return &derivative{why: "it has no gradient", wrt: []bool{true}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			var b builder
			shape := func(v [2]int) tensor.Shape { return tensor.Shape{v[0], v[1]} }
			dx := b.keep(G.Im2Col(dy, shape(op.Window), shape(op.Pad), shape(op.Stride), shape(op.Dilation)))
			return G.Nodes{dx}, b.err
		}}
	case stock.ByIndicesGrad:
		return &derivative{why: "it has no gradient", wrt: []bool{false, true, false}, of: func(in G.Nodes, y, dy *G.Node, need []bool) (G.Nodes, error) {
			var b builder
			return G.Nodes{nil, b.keep(ByIndices(dy, in[2], op.Axis)), nil}, b.err
		}}
	}
	return nil
}

func ofSoftmax(in G.Nodes) bool {
	if in[0].Op() == nil {
		return false
	}
	_, softmax := stock.Decode(in[0].Op()).(stock.Softmax)
	return softmax
}

func ofScalar(in G.Nodes) bool { return in[0].IsScalar() }

// ofMany tells whether an axis is longer than one.
func ofMany(axis int) func(in G.Nodes) bool {
	return func(in G.Nodes) bool { return axis < in[0].Dims() && in[0].Shape()[axis] > 1 }
}

// log2: dx = dy/(x ln 2).
func log2(in G.Nodes, _, dy *G.Node, _ []bool) (G.Nodes, error) {
	var b builder
	dx := b.div(dy, b.scale(in[0], math.Ln2))
	return G.Nodes{dx}, b.err
}

// inverseSqrt: y = x^(-1/2), dx = -y^3/2 dy.
func inverseSqrt(_ G.Nodes, y, dy *G.Node, _ []bool) (G.Nodes, error) {
	var b builder
	dx := b.mul(b.scale(b.mul(y, b.mul(y, y)), -0.5), dy)
	return G.Nodes{dx}, b.err
}

// pow: z = x^y, dx = y x^(y-1) dz, dy = z ln(x) dz.
func pow(in G.Nodes, z, dz *G.Node, need []bool) (G.Nodes, error) {
	var b builder
	grads := G.Nodes{nil, nil}
	x, y := in[0], in[1]
	if need[0] {
		less := b.sub(y, b.keep(number(y, 1)))
		grads[0] = b.total(b.mul(b.mul(dz, y), b.two(G.Pow, x, less)), x)
	}
	if need[1] {
		grads[1] = b.total(b.mul(b.mul(dz, z), b.log(x)), y)
	}
	return grads, b.err
}

// total is the sum of a gradient by a scalar that stood beside a tensor.
func (b *builder) total(d, of *G.Node) *G.Node {
	if b.err == nil && of.IsScalar() && !d.IsScalar() {
		return b.keep(G.Sum(d))
	}
	return d
}

// log is the logarithm as it is: gorgonia.Log of a softmax changes the softmax.
func (b *builder) log(x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	op, err := opOf(G.Log, x)
	if err != nil {
		return b.keep(nil, err)
	}
	return b.apply(op, x)
}

// outer: z = x y', dx = dz y, dy = dz' x.
func outer(in G.Nodes, _, dz *G.Node, need []bool) (G.Nodes, error) {
	var b builder
	x, y := b.column(in[0]), b.column(in[1])
	return G.Nodes{b.two(G.Mul, dz, y), b.two(G.Mul, b.one(transposed, dz), x)}, b.err
}

// column is a vector as a matrix of one column.
func (b *builder) column(x *G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	return b.reshape(x, x.Shape().TotalSize(), 1)
}

func transposed(x *G.Node) (*G.Node, error) { return G.Transpose(x, 1, 0) }

// repeat: each element of an axis stands several times in a row.
func repeat(axis int, in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	var b builder
	from := in[0].Shape()
	if in[0].IsScalar() {
		return G.Nodes{b.total(dy, in[0]), nil}, b.err
	}
	if axis >= len(from) || axis >= len(y.Shape()) {
		return nil, fmt.Errorf("axis %d of %v", axis, from)
	}
	before, n, inner := around(from, axis)
	times := volume(y.Shape()) / volume(from)
	d := b.reshape(dy, before*n, times, inner)
	if b.err == nil {
		d = b.keep(G.Sum(d, 1))
	}
	return G.Nodes{b.reshape(d, slices.Clone(from)...), nil}, b.err
}

// at gives dy to the number that was taken.
func at(place []int, x, dy *G.Node) (G.Nodes, error) {
	if d := x.Dtype(); d != tensor.Float64 && d != tensor.Float32 {
		return nil, fmt.Errorf("%v is of %v: want float32 or float64", x, d)
	}
	var b builder
	mark := tensor.New(tensor.Of(x.Dtype()), tensor.WithShape(x.Shape()...))
	var one any = 1.0
	if x.Dtype() == tensor.Float32 {
		one = float32(1)
	}
	if err := mark.SetAt(one, place...); err != nil {
		return nil, err
	}
	name := G.WithName(fmt.Sprintf("repair: 1 at %v of %v %v", place, x.Shape(), x.Dtype()))
	return G.Nodes{b.mul(x.Graph().AddNode(G.NewConstant(mark, name)), dy)}, b.err
}

// sliceGrad puts dy into zeros: what comes back is the slice.
func sliceGrad(s stock.Slice, in G.Nodes, dz *G.Node) (G.Nodes, error) {
	var b builder
	if s.All {
		return G.Nodes{nil, dz}, nil
	}
	ranges := make([]tensor.Slice, s.Axis+1)
	ranges[s.Axis] = G.S(s.Start, s.End, s.Step)
	dy := b.keep(G.Slice(dz, ranges...))
	return G.Nodes{nil, dy}, b.err
}

// maximum gives dy to each number that is the largest.
func maximum(axes []int, in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	var b builder
	x := in[0]
	kept := x.Shape().Clone()
	for _, a := range axes {
		kept[a] = 1
	}
	top, d := b.reshape(y, kept...), b.reshape(dy, kept...)
	if b.err != nil {
		return nil, b.err
	}
	is := b.spread(func(x, top *G.Node, left, right []byte) (*G.Node, error) {
		return G.BroadcastEq(x, top, true, left, right)
	}, x, top, axes...)
	return G.Nodes{b.spread(G.BroadcastHadamardProd, is, d, axes...)}, b.err
}

// byIndices gives dy to the rows that were taken.
func byIndices(axis int, in G.Nodes, dy *G.Node) (G.Nodes, error) {
	g := G.NewGraph()
	x, d := alike(g, "x", in[0]), alike(g, "dy", dy)
	indices := alike(g, "indices", in[1])
	y, err := G.ByIndices(x, indices, axis)
	if err != nil {
		return nil, err
	}
	grads, err := y.Op().(G.SDOp).SymDiff(G.Nodes{x, indices}, y, d)
	if err != nil {
		return nil, err
	}
	dx, err := G.ApplyOp(Op{grads[0].Op()}, in[0], dy, in[1])
	return G.Nodes{dx, nil}, err
}

func never(G.Nodes) bool { return false }
