package repair

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
)

// Log2 is the logarithm to base 2. Gorgonia's gradient is too small by (ln 2)^2.
func Log2(x *G.Node) (*G.Node, error) { return right(G.Log2, x) }

// InverseSqrt is x^(-1/2). Gorgonia's gradient divides by y^3 in place of
// multiplying.
func InverseSqrt(x *G.Node) (*G.Node, error) { return right(G.InverseSqrt, x) }

// OuterProd is the matrix (n, m) of vectors x (n) and y (m). Gorgonia's gradient
// fails, for n other than m.
func OuterProd(x, y *G.Node) (*G.Node, error) {
	return right2(G.OuterProd, x, y)
}

// Sum adds up over axes, over all without any. Gorgonia's reads wrong numbers
// over axis 2 of four and more.
func Sum(x *G.Node, axes ...int) (*G.Node, error) {
	if x.IsScalar() {
		return x, nil
	}
	axes, err := ascending("a sum", x, axes)
	if err != nil {
		return nil, err
	}
	if !misread(x.Shape(), axes) {
		return G.Sum(x, axes...)
	}
	return right(func(x *G.Node) (*G.Node, error) { return G.Sum(x, axes...) }, x)
}

// Mean is the mean over axes, over all without any; see [Sum].
func Mean(x *G.Node, axes ...int) (*G.Node, error) {
	sum, err := Sum(x, axes...)
	if err != nil {
		return nil, err
	}
	var b builder
	return b.scale(sum, float64(max(1, volume(sum.Shape())))/float64(max(1, volume(x.Shape())))), b.err
}

// Max is the maximum over axes, over all without any; see [Sum]. Each of several
// equal maxima has the whole gradient, as with Gorgonia's.
func Max(x *G.Node, axes ...int) (*G.Node, error) {
	if x.IsScalar() {
		return x, nil
	}
	axes, err := ascending("a maximum", x, axes)
	if err != nil {
		return nil, err
	}
	return right(func(x *G.Node) (*G.Node, error) { return G.Max(x, axes...) }, x)
}

// ascending sorts axes; an error where one is none of x's or stands twice.
func ascending(of string, x *G.Node, axes []int) ([]int, error) {
	sorted := slices.Clone(axes) // Gorgonia sorts what it is given
	slices.Sort(sorted)
	for i, a := range sorted {
		if a < 0 || a >= x.Dims() || i > 0 && a == sorted[i-1] {
			return nil, fmt.Errorf("repair: %s of %v over axes %v: want different ones of %d, counted from 0", of, x.Shape(), axes, x.Dims())
		}
	}
	return sorted, nil
}

// At is one number of a tensor. Gorgonia's has no gradient, and TapeMachine takes
// the whole tensor for the number.
func At(x *G.Node, place ...int) (*G.Node, error) {
	if len(place) != x.Dims() {
		return nil, fmt.Errorf("repair: the number at %v of %v", place, x.Shape())
	}
	for axis, i := range place {
		if i < 0 || i >= x.Shape()[axis] {
			return nil, fmt.Errorf("repair: the number at %v of %v", place, x.Shape())
		}
	}
	return right(func(x *G.Node) (*G.Node, error) { return G.At(x, place...) }, x)
}

// ByIndices takes rows of an axis of x; indices are whole numbers. Gorgonia's takes
// others than those asked for, of any axis but the first of a matrix.
func ByIndices(x, indices *G.Node, axis int) (*G.Node, error) {
	return right2(func(x, indices *G.Node) (*G.Node, error) { return G.ByIndices(x, indices, axis) }, x, indices)
}

// Norm is the p-norm along an axis,
//
//	y = (sum |x|^p)^(1/p)
//
// which has no derivative where all numbers are 0. Gorgonia's leaves out that |x|
// is positive: odd norms of negative numbers are NaN, or wrong.
func Norm(x *G.Node, axis, p int) (*G.Node, error) {
	if p < 1 || axis < 0 || axis >= x.Dims() {
		return nil, fmt.Errorf("repair: the %d-norm of %v along axis %d", p, x.Shape(), axis)
	}
	var b builder
	powers := b.one(G.Abs, x)
	if p > 1 {
		powers = b.two(G.Pow, powers, b.keep(number(x, float64(p))))
	}
	if b.err != nil {
		return nil, b.err
	}
	sum := b.keep(Sum(powers, axis))
	if p > 1 {
		sum = b.two(G.Pow, sum, b.keep(number(x, 1/float64(p))))
	}
	return sum, b.err
}

// LogSumExp is the logarithm of the sum of exponentials along an axis, whatever
// their size. Gorgonia's adds the maximum inside of the logarithm.
func LogSumExp(x *G.Node, axis int) (*G.Node, error) {
	if axis < 0 || axis >= x.Dims() {
		return nil, fmt.Errorf("repair: logsumexp of %v along axis %d", x.Shape(), axis)
	}
	var b builder
	before, n, inner := around(x.Shape(), axis)
	x3 := b.reshape(x, before, n, inner)
	if b.err != nil {
		return nil, b.err
	}
	top := b.reshape(b.apply(FixedOp{}, b.keep(G.Max(x3, 1))), before, 1, inner)
	sum := b.sum(b.one(G.Exp, b.spread(G.BroadcastSub, x3, top, 1)), 1)
	y := b.add(b.log(sum), top)
	to := append(x.Shape()[:axis:axis], x.Shape()[axis+1:]...)
	return b.reshape(y, to...), b.err
}

// Dropout drops numbers with a probability, in training mode, and divides the
// others by 1-p. Its random numbers are seeded by the clock, as Gorgonia's are.
//
// Gorgonia's gradient is divided by p, and is 0 for p = 0.
func Dropout(x *G.Node, p float64) (*G.Node, error) {
	op, err := opOf(func(x *G.Node) (*G.Node, error) { return G.Dropout(x, p) }, x)
	if err != nil {
		return nil, err
	}
	return masked(op, x)
}

func masked(dropout G.Op, x *G.Node) (*G.Node, error) {
	var b builder
	return b.mul(x, b.apply(MaskOp{Dropout: dropout}, x)), b.err
}

// right adds an operator of Gorgonia's with the right derivative.
func right(f func(x *G.Node) (*G.Node, error), x *G.Node) (*G.Node, error) {
	op, err := opOf(f, x)
	if err != nil {
		return nil, err
	}
	return G.ApplyOp(Op{op}, x)
}

func right2(f func(x, y *G.Node) (*G.Node, error), x, y *G.Node) (*G.Node, error) {
	g := G.NewGraph()
	n, err := f(alike(g, "x", x), alike(g, "y", y))
	if err != nil {
		return nil, err
	}
	return G.ApplyOp(Op{n.Op()}, x, y)
}

// opOf is the operator by which Gorgonia makes something of x, which it does not
// see: it would change it, or the graph.
func opOf(f func(x *G.Node) (*G.Node, error), x *G.Node) (G.Op, error) {
	n, err := f(alike(G.NewGraph(), "x", x))
	if err != nil {
		return nil, err
	}
	return n.Op(), nil
}

func alike(g *G.ExprGraph, name string, x *G.Node) *G.Node {
	if x.IsScalar() {
		return G.NewScalar(g, x.Dtype(), G.WithName(name))
	}
	return G.NewTensor(g, x.Dtype(), x.Dims(), G.WithName(name), G.WithShape(x.Shape()...))
}
