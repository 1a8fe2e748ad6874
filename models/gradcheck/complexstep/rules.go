package complexstep

import (
	"math"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
	"symgrad/models/ops"
	"symgrad/models/stock"
)

// rule gives the imaginary part of what an operator makes of operands of which one
// at least is complex, nil where that is real; out is what it makes of their real
// parts.
type rule func(n *G.Node, in []number, out G.Value) (im G.Value, ok bool)

// ruleOf is an operator's, nil where there is none.
func ruleOf(op G.Op) rule {
	switch op.(type) {
	case ops.AddBiasOp:
		return linear
	case ops.MeanPoolOp, ops.RowSumsOp, ops.SpreadBiasOp:
		return linearInFirst
	case ops.Conv2DOp:
		return bilinear
	case ops.SoftmaxOp:
		return softmax(1, false)
	case ops.SoftmaxCrossEntropyOp:
		return crossEntropy
	}
	switch op := stock.Decode(op).(type) {
	case stock.Size:
		return constant
	case stock.Concat:
		return linear
	case stock.Transpose, stock.Reshape, stock.Repeat, stock.Sum, stock.Slice, stock.At, stock.ByIndices,
		stock.AvgPool, stock.GlobalAvg, stock.Im2Col, stock.Upsample:
		return linearInFirst
	case stock.MatMul, stock.MatVec, stock.Dot, stock.Outer, stock.BatchMul:
		return bilinear
	case stock.Softmax:
		return softmax(op.Axis, op.Log)
	case stock.Unary:
		if f := functions[op.Name]; f != nil {
			return each(func(z ...complex128) complex128 { return f(z[0]) })
		}
	case stock.Binary:
		switch op.Name {
		case "+", "-":
			return linear
		case "⊙":
			return bilinear
		case "÷":
			return each(func(z ...complex128) complex128 { return z[0] / z[1] })
		case "^":
			return each(power)
		}
	}
	return nil
}

// constant is a length, whatever moves.
func constant(*G.Node, []number, G.Value) (G.Value, bool) { return nil, true }

// linear operators make of the imaginary parts what they make of the real ones.
func linear(n *G.Node, in []number, _ G.Value) (G.Value, bool) {
	var args []G.Value
	for _, v := range in {
		if v.im == nil {
			v.im = interpret.Float(v.re.Dtype(), v.re.Shape(), make([]float64, v.re.Shape().TotalSize()))
		}
		args = append(args, v.im)
	}
	return apply(n, args)
}

// linearInFirst operators have further operands that say how, such as indices.
func linearInFirst(n *G.Node, in []number, _ G.Value) (G.Value, bool) {
	args := []G.Value{in[0].im}
	for _, v := range in[1:] {
		if v.im != nil {
			return nil, false
		}
		args = append(args, v.re)
	}
	return apply(n, args)
}

// bilinear: the imaginary part of (a + ib)(c + id) is ad + bc. The product bd of
// two steps is nothing beside ac.
func bilinear(n *G.Node, in []number, _ G.Value) (sum G.Value, ok bool) {
	a, b := in[0], in[1]
	if a.im == nil {
		return apply(n, []G.Value{a.re, b.im})
	}
	if b.im == nil {
		return apply(n, []G.Value{a.im, b.re})
	}
	one, ok := apply(n, []G.Value{a.im, b.re})
	if !ok {
		return nil, false
	}
	two, ok := apply(n, []G.Value{a.re, b.im})
	if !ok {
		return nil, false
	}
	x, y := number{re: one}, number{re: two}
	left, _ := x.parts()
	right, _ := y.parts()
	for i := range left {
		right[i] += left[i]
	}
	return interpret.Float(one.Dtype(), one.Shape(), right), true
}

// apply hands an operator copies, which it may damage.
func apply(n *G.Node, args []G.Value) (G.Value, bool) {
	for i, c := range interpret.Operands(n) {
		var err error
		if args[i], err = interpret.Copy(args[i], c.Shape()); err != nil {
			return nil, false
		}
	}
	v, err := interpret.Alone()(n, args)
	return v, err == nil
}

// each is the rule of a function of numbers, of operands of one shape or single.
// Where its real part is not the operator's, one of them leaves where the function
// is analytic.
func each(f func(z ...complex128) complex128) rule {
	return func(n *G.Node, in []number, out G.Value) (G.Value, bool) {
		want, _ := number{re: out}.parts()
		re, im := make([][]float64, len(in)), make([][]float64, len(in))
		for k, v := range in {
			re[k], im[k] = v.parts()
		}
		got, z := make([]float64, len(want)), make([]complex128, len(in))
		for i := range want {
			for k := range in {
				at := i % len(re[k])
				z[k] = complex(re[k][at], im[k][at])
			}
			v := f(z...)
			if !near(real(v), want[i]) {
				return nil, false
			}
			got[i] = imag(v)
		}
		return interpret.Float(n.Dtype(), n.Shape(), got), true
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }
