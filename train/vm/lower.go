package vm

import (
	"fmt"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// lower turns a graph into a program. Gorgonia keeps most of its operator types
// to itself, so they are told apart by type name and by what they print; one
// that is not recognised becomes opaque.
func lower(g *G.ExprGraph, results []*G.Node) (*program, error) {
	for _, n := range results {
		if !slices.Contains(g.AllNodes(), n) {
			return nil, fmt.Errorf("the result %v is not a node of the graph", n)
		}
	}
	dtype := dtypeOf(g)
	// Building can remove nodes (the logarithm of a sigmoid does), and then the
	// graph finds wrong nodes by their number: a fresh view of it does not.
	g = g.ExactSubgraphRoots(results...)
	sorted, err := G.Sort(g) // roots first
	if err != nil {
		return nil, err
	}
	p := &program{}
	of := map[*G.Node]*value{}
	for _, n := range slices.Backward(sorted) {
		var args []*value
		for it := g.From(n.ID()); it.Next(); { // children in order, duplicates kept
			args = append(args, of[it.Node().(*G.Node)])
		}
		v, err := lowerNode(n, args, dtype)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", n, err)
		}
		of[n] = v
		p.values = append(p.values, v)
	}
	for _, n := range results {
		p.results = append(p.results, result{n, of[n]})
	}
	return p, nil
}

func lowerNode(n *G.Node, args []*value, dtype tensor.Dtype) (*value, error) {
	shape := []int(n.Shape())
	op := n.Op()
	if op == nil {
		return newValue(input{}, shape, n), nil
	}
	if len(args) == 0 {
		return lowerConstant(n, op, shape, dtype)
	}
	if !all(dtype, n, args) {
		return newValue(opaque{op}, shape, n, args...), nil
	}
	text := op.String()
	switch o := op.(type) {
	case ops.Conv2DOp, ops.Conv2DInputGradOp, ops.Conv2DWeightGradOp, ops.AddBiasOp, ops.BiasGradOp, ops.MaxPoolOp, ops.MaxPoolGradOp,
		ops.MeanPoolOp, ops.MeanPoolGradOp, ops.SoftmaxCrossEntropyOp, ops.SoftmaxCrossEntropyGradOp:
		return newValue(o, shape, n, args...), nil
	}
	if v := lowerStock(fmt.Sprintf("%T", op), text, shape, n, args); v != nil {
		return v, nil
	}
	return newValue(opaque{op}, shape, n, args...), nil
}

// all tells whether a node and its operands are of the program's float type.
func all(dtype tensor.Dtype, n *G.Node, args []*value) bool {
	return n.Dtype() == dtype && !slices.ContainsFunc(args, func(a *value) bool { return a.node.Dtype() != dtype })
}

// lowerConstant evaluates an operator without operands, once.
func lowerConstant(n *G.Node, op G.Op, shape []int, dtype tensor.Dtype) (*value, error) {
	data, err := op.Do()
	if err != nil {
		return nil, err
	}
	if len(shape) == 0 && n.Dtype() == dtype {
		switch x := data.(type) {
		case *G.F64:
			return newValue(constant{float64(*x)}, shape, n), nil
		case *G.F32:
			return newValue(constant{float64(*x)}, shape, n), nil
		}
	}
	return newValue(fixed{data}, shape, n), nil
}

// lowerStock recognises Gorgonia's own operators; nil where it does not.
func lowerStock(kind, text string, shape []int, n *G.Node, args []*value) *value {
	switch strings.TrimPrefix(strings.TrimPrefix(kind, "*"), "gorgonia.") {
	case "linAlgBinOp":
		return lowerProduct(text, shape, n, args)
	case "elemUnaryOp":
		if k, ok := unaryNames[text]; ok && args[0].size == volume(shape) {
			return newValue(unary{k}, shape, n, args...)
		}
	case "elemBinOp":
		name, _, _ := strings.Cut(text, " ")
		if k, ok := binaryNames[name]; ok && elementwise(volume(shape), args) {
			return newValue(binary{k}, shape, n, args...)
		}
	case "reshapeOp":
		return newValue(alias{}, shape, n, args[0])
	case "sizeOp":
		var size int
		if _, err := fmt.Sscanf(text, "SizeOf=%d", &size); err == nil && len(shape) == 0 {
			return newValue(constant{float64(size)}, shape, n)
		}
	case "repeatOp":
		return lowerRepeat(text, shape, n, args)
	case "sumOp":
		return lowerSum(text, shape, n, args)
	case "transposeOp":
		perm := numbers(text)
		if len(perm) == len(args[0].shape) && len(perm) == len(shape) {
			return newValue(transpose{perm}, shape, n, args[0])
		}
	case "softmaxOp":
		var axis int
		var log bool
		if _, err := fmt.Sscanf(text, "Softmax{%d, %t}()", &axis, &log); err == nil && len(shape) == 2 && axis == 1 {
			return newValue(softmax{log}, shape, n, args[0])
		}
	}
	return nil
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

func lowerProduct(text string, shape []int, n *G.Node, args []*value) *value {
	op := matmul{transA: strings.HasPrefix(text, "Aᵀ"), transB: strings.HasSuffix(text, "Bᵀ")}
	if !strings.Contains(text, " × B") || len(shape) != 2 || len(args[0].shape) != 2 || len(args[1].shape) != 2 {
		return nil
	}
	return newValue(op, shape, n, args...)
}

// lowerRepeat takes Repeat along an axis, times given by a SizeOf: each element
// of the axis stands times in a row.
func lowerRepeat(text string, shape []int, n *G.Node, args []*value) *value {
	var axis int
	if _, err := fmt.Sscanf(text, "Repeat%d", &axis); err != nil || len(args) != 2 {
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

func lowerSum(text string, shape []int, n *G.Node, args []*value) *value {
	x := args[0]
	over := make([]bool, len(x.shape))
	left := 1
	for _, axis := range numbers(text) {
		if axis >= len(over) {
			return nil
		}
		over[axis] = true
	}
	for i, d := range x.shape {
		if !over[i] {
			left *= d
		}
	}
	if left != volume(shape) {
		return nil
	}
	return newValue(sum{over}, shape, n, x)
}

// numbers lists the non-negative integers in a text.
func numbers(text string) []int {
	var out []int
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		var v int
		if _, err := fmt.Sscan(field, &v); err == nil {
			out = append(out, v)
		}
	}
	return out
}
