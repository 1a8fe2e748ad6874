package vm

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// lowerStock gives Gorgonia's own operators operations of ours; nil where there
// is none for these shapes.
func lowerStock(known any, shape []int, n *G.Node, args []*value) *value {
	to := func(op operation) *value {
		v := newValue(op, shape, n, args...)
		if op.check(v) != nil {
			return nil
		}
		return v
	}
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
		if p, ok := productOf(op, args); ok {
			return to(p)
		}
	case stock.Reshape:
		return to(alias{})
	case stock.Size:
		size := op.N
		if size == 0 {
			return nil
		}
		return newValue(constant{float64(size)}, shape, n)
	case stock.Repeat:
		return lowerRepeat(op.Axis, shape, n, args)
	case stock.Sum:
		return lowerSum(op.Axes, shape, n, args)
	case stock.Transpose:
		return to(transpose{op.Perm})
	case stock.Softmax:
		if axis, ok := softmaxAxis(op.Axis, shape); ok {
			return to(softmax{axis, op.Log})
		}
	case stock.SoftmaxGrad:
		if axis, ok := softmaxAxis(op.Axis, shape); ok {
			v := newValue(softmaxGrad{axis, op.Log}, shape, n, args[1:]...) // x is not read
			if v.op.check(v) == nil {
				return v
			}
		}
	case stock.Slice:
		if c, ok := cutOf(op, args[0].shape); ok {
			v := newValue(c, shape, n, args[0])
			if c.check(v) == nil {
				return v
			}
		}
	case stock.SliceGrad:
		if c, ok := cutOf(op.Slice, shape); ok && len(args) == 2 {
			v := newValue(uncut{c}, shape, n, args[1])
			if v.op.check(v) == nil {
				return v
			}
		}
	case stock.Concat:
		return lowerConcat(op.Axis, shape, n, args)
	case stock.Im2Col:
		return to(patches{op})
	case stock.Col2Im:
		return to(unpatch{op.Im2Col})
	case stock.MaxPool:
		return to(custom{ops.MaxPoolOp{Pool: ops.Pool{Size: op.Size, Stride: op.Stride}}})
	case stock.MaxPoolGrad:
		if len(args) != 3 {
			return nil
		}
		v := newValue(custom{ops.MaxPoolGradOp{Pool: ops.Pool{Size: op.Size, Stride: op.Stride}}}, shape, n, args[0], args[2])
		if v.op.check(v) == nil {
			return v
		}
	}
	return nil
}

// lowerByIndices takes rows of an axis by numbers that only a run knows; nil
// where an operand is of another type than it should.
func lowerByIndices(known any, shape []int, n *G.Node, args []*value, dtype tensor.Dtype) *value {
	lookUp := func(axis int, x []int, op func(c cut) operation, args ...*value) *value {
		if axis < 0 || axis >= len(x) || args[0].node.Dtype() != dtype || args[1].node.Dtype() != tensor.Int {
			return nil
		}
		c := cut{outer: volume(x[:axis]), axis: x[axis], inner: volume(x[axis+1:]), step: 1, length: args[1].size}
		v := newValue(op(c), shape, n, args...)
		if v.op.check(v) != nil {
			return nil
		}
		return v
	}
	switch op := known.(type) {
	case stock.ByIndices:
		return lookUp(op.Axis, args[0].shape, func(c cut) operation { return byIndices{c} }, args...)
	case stock.ByIndicesGrad:
		return lookUp(op.Axis, shape, func(c cut) operation { return byIndicesGrad{c} }, args[1:]...)
	}
	return nil
}

// productOf reads the sizes of a product off its operands.
func productOf(op any, args []*value) (p product, ok bool) {
	if len(args) != 2 {
		return p, false
	}
	a, b := args[0].shape, args[1].shape
	p = product{act: opCopy, batch: 1}
	switch op := op.(type) {
	case stock.MatMul:
		p.transA, p.transB = op.TransA, op.TransB
		return p.sized(a, b)
	case stock.BatchMul:
		if len(a) < 2 || len(b) != len(a) {
			return p, false
		}
		last := len(a) - 2
		p.transA, p.transB, p.batch = op.TransA, op.TransB, volume(a[:last])
		if volume(b[:last]) != p.batch {
			return p, false
		}
		return p.sized(a[last:], b[last:])
	case stock.MatVec:
		p.transA = op.TransA
		return p.sized(a, []int{volume(b), 1})
	case stock.Dot:
		return p.sized([]int{1, volume(a)}, []int{volume(b), 1})
	case stock.Outer:
		return p.sized([]int{volume(a), 1}, []int{1, volume(b)})
	}
	return p, false
}

// sized sets m, k and n.
func (p product) sized(a, b []int) (product, bool) {
	if len(a) != 2 || len(b) != 2 {
		return p, false
	}
	if p.transA {
		a = []int{a[1], a[0]}
	}
	if p.transB {
		b = []int{b[1], b[0]}
	}
	p.m, p.k, p.n = a[0], a[1], b[1]
	return p, a[1] == b[0]
}

// lowerRepeat takes Repeat along an axis, times given by a SizeOf: each element
// of the axis stands times in a row.
func lowerRepeat(axis int, shape []int, n *G.Node, args []*value) *value {
	if len(args) != 2 {
		return nil
	}
	times, ok := args[1].op.(constant)
	x := args[0]
	if !ok || axis < 0 || axis >= max(len(x.shape), 1) || x.size*int(times.v) != volume(shape) {
		return nil
	}
	if x.scalar() {
		return newValue(broadcast{}, shape, n, x)
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
// the last, except that it takes the first of a column.
func softmaxAxis(axis int, shape []int) (int, bool) {
	if axis == -1 && len(shape) > 1 && shape[len(shape)-1] == 1 {
		return 0, false // what its gradient does then is another question: Gorgonia's own answers it
	}
	if axis == -1 {
		axis = len(shape) - 1
	}
	return axis, axis >= 0 && axis < len(shape)
}

// cutOf is the range of an axis that a slice takes of x.
func cutOf(s stock.Slice, x []int) (c cut, ok bool) {
	if s.Axis >= len(x) {
		return c, false
	}
	c = cut{outer: volume(x[:s.Axis]), axis: x[s.Axis], inner: volume(x[s.Axis+1:]), from: s.Start, step: max(s.Step, 1)}
	if s.All {
		c.from, c.length = 0, c.axis
		return c, true
	}
	c.length = (s.End - s.Start + c.step - 1) / c.step
	return c, c.length > 0
}

func lowerConcat(axis int, shape []int, n *G.Node, args []*value) *value {
	if axis >= len(shape) {
		return nil
	}
	for _, a := range args {
		if len(a.shape) != len(shape) {
			return nil
		}
	}
	v := newValue(concat{volume(shape[:axis]), volume(shape[axis+1:])}, shape, n, args...)
	if v.op.check(v) != nil {
		return nil
	}
	return v
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
