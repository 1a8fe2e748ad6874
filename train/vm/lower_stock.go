package vm

import (
	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// lowerStock gives Gorgonia's own operators operations of ours; nil where there
// is none for these shapes.
func lowerStock(known any, shape []int, n *G.Node, args []*value) *value {
	of := func(op operation, args ...*value) *value {
		v := newValue(op, shape, n, args...)
		if op.check(v) != nil {
			return nil
		}
		return v
	}
	to := func(op operation) *value { return of(op, args...) }
	if v := lowerModes(known, shape, n, args); v != nil {
		return v
	}
	switch op := known.(type) {
	case stock.Unary:
		if k, ok := kindOf(unaryNames[:], op.Name, opReLU); ok {
			return to(unary{k})
		}
	case stock.Binary:
		if k, ok := kindOf(binaryNames[:], op.Name, opReLUGrad); ok {
			return to(binary{k})
		}
	case stock.MatMul, stock.MatVec, stock.Dot, stock.Outer, stock.BatchMul:
		if len(args) == 2 {
			return to(productOf(op, args[0].shape, args[1].shape))
		}
	case stock.Reshape:
		return to(alias{})
	case stock.Size:
		if op.N != 0 {
			return newValue(constant{float64(op.N)}, shape, n)
		}
	case stock.Repeat:
		return lowerRepeat(op.Axis, shape, n, args)
	case stock.Sum:
		return lowerSum(op.Axes, shape, n, args)
	case stock.Transpose:
		return to(transpose{op.Perm})
	case stock.Softmax:
		return to(softmax{softmaxAxis(op.Axis, shape), op.Log})
	case stock.SoftmaxGrad:
		return of(softmaxGrad{softmaxAxis(op.Axis, shape), op.Log}, args[1:]...) // x is not read
	case stock.Slice:
		return of(cutOf(op, args[0].shape), args[0])
	case stock.SliceGrad:
		return of(uncut{cutOf(op.Slice, shape)}, args[1:]...)
	case stock.Concat:
		if op.Axis < len(shape) {
			return to(concat{volume(shape[:op.Axis]), volume(shape[op.Axis+1:])})
		}
	case stock.Im2Col:
		return to(patches{op})
	case stock.Col2Im:
		return to(unpatch{op.Im2Col})
	case stock.MaxPool:
		return to(custom{ops.MaxPoolOp{Pool: ops.Pool{Size: op.Size, Stride: op.Stride}}})
	case stock.MaxPoolGrad:
		if len(args) == 3 {
			return of(custom{ops.MaxPoolGradOp{Pool: ops.Pool{Size: op.Size, Stride: op.Stride}}}, args[0], args[2])
		}
	}
	return nil
}

// lowerByIndices takes rows of an axis by numbers that only a run knows; nil for
// any other operator.
func lowerByIndices(known any, shape []int, n *G.Node, args []*value) *value {
	rows := func(axis int, x []int) cut {
		return cut{outer: volume(x[:axis]), axis: x[axis], inner: volume(x[axis+1:]), length: args[len(args)-1].size}
	}
	switch op := known.(type) {
	case stock.ByIndices:
		return newValue(byIndices{rows(op.Axis, args[0].shape)}, shape, n, args...)
	case stock.ByIndicesGrad:
		return newValue(byIndicesGrad{rows(op.Axis, shape)}, shape, n, args[1:]...)
	}
	return nil
}

// productOf reads the sizes of a product off its operands' shapes. Where these
// are no product's, the sizes do not fit them.
func productOf(op any, a, b []int) product {
	p := product{act: opCopy, batch: 1}
	switch op := op.(type) {
	case stock.MatMul:
		p.transA, p.transB = op.TransA, op.TransB
		return p.sized(a, b)
	case stock.BatchMul:
		if len(b) != len(a) {
			return p
		}
		last := max(len(a)-2, 0)
		p.transA, p.transB, p.batch = op.TransA, op.TransB, volume(a[:last])
		return p.sized(a[last:], b[last:])
	case stock.MatVec:
		p.transA = op.TransA
		return p.sized(a, []int{volume(b), 1})
	case stock.Dot:
		return p.sized([]int{1, volume(a)}, []int{volume(b), 1})
	}
	return p.sized([]int{volume(a), 1}, []int{1, volume(b)}) // stock.Outer
}

// sized sets m, k and n.
func (p product) sized(a, b []int) product {
	if len(a) != 2 || len(b) != 2 {
		return p
	}
	if p.transA {
		a = []int{a[1], a[0]}
	}
	if p.transB {
		b = []int{b[1], b[0]}
	}
	p.m, p.k, p.n = a[0], a[1], b[1]
	return p
}

// lowerRepeat takes Repeat along an axis, times given by a SizeOf: each element
// of the axis stands times in a row.
func lowerRepeat(axis int, shape []int, n *G.Node, args []*value) *value {
	if len(args) != 2 {
		return nil
	}
	times, _ := args[1].op.(constant) // none: 0 times fits no shape
	x := args[0]
	switch {
	case x.size*int(times.v) != volume(shape):
		return nil
	case x.scalar():
		return newValue(broadcast{}, shape, n, x)
	case axis < 0 || axis >= len(x.shape):
		return nil
	}
	r := repeat{outer: volume(x.shape[:axis]), axis: x.shape[axis], inner: volume(x.shape[axis+1:]), times: int(times.v)}
	return newValue(r, shape, n, x)
}

func lowerSum(axes []int, shape []int, n *G.Node, args []*value) *value {
	over := make([]bool, len(args[0].shape))
	for _, axis := range axes {
		if axis >= len(over) {
			return nil
		}
		over[axis] = true
	}
	v := newValue(sum{over}, shape, n, args[0])
	if v.op.check(v) != nil {
		return nil
	}
	return v
}

// softmaxAxis is the axis that Gorgonia's softmax goes along: without one given,
// the last. It is none, -1, for a column, of which Gorgonia takes the first; what
// its gradient does then is another question: Gorgonia's own answers it.
func softmaxAxis(axis int, shape []int) int {
	if last := len(shape) - 1; axis == -1 && (last == 0 || last > 0 && shape[last] != 1) {
		return last
	}
	return axis
}

// cutOf is the range of an axis that a slice takes of x; nothing where there is
// no such axis.
func cutOf(s stock.Slice, x []int) (c cut) {
	if s.Axis >= len(x) {
		return c
	}
	c = cut{outer: volume(x[:s.Axis]), axis: x[s.Axis], inner: volume(x[s.Axis+1:]), from: s.Start, step: max(s.Step, 1)}
	c.length = (s.End - s.Start + c.step - 1) / c.step
	if s.All {
		c.length = c.axis
	}
	return c
}

// elementwise tells whether operands are scalars or of the result's size.
func elementwise(size int, args []*value) bool {
	for _, a := range args {
		if a.size != size && a.size != 1 {
			return false
		}
	}
	return true
}
