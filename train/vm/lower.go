package vm

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// lower turns what results need of a graph into a program.
func lower(g *G.ExprGraph, results []*G.Node) (*program, error) {
	known := map[*G.Node]bool{}
	for _, n := range g.AllNodes() {
		known[n] = true
	}
	for _, n := range results {
		if !known[n] {
			return nil, fmt.Errorf("the result %v is not a node of the graph", n)
		}
	}
	dtype := dtypeOf(g)
	view, forward := withState(g, results)
	sorted, err := G.Sort(view) // roots first
	if err != nil {
		return nil, err
	}
	p := &program{float32: dtype == tensor.Float32}
	of := map[*G.Node]*value{}
	for _, n := range slices.Backward(sorted) {
		var args []*value
		for it := view.From(n.ID()); it.Next(); { // children in order, duplicates kept
			args = append(args, of[it.Node().(*G.Node)])
		}
		of[n] = lowerNode(n, args, dtype)
		p.lowered = append(p.lowered, of[n])
	}
	for gradient, n := range forward {
		of[gradient].waitFor(of[n])
	}
	p.values = slices.Clone(p.lowered)
	for _, n := range results {
		p.results = append(p.results, result{n, of[n]})
	}
	return p, nil
}

func lowerNode(n *G.Node, args []*value, dtype tensor.Dtype) *value {
	shape := []int(n.Shape())
	op := n.Op()
	if op == nil {
		return newValue(input{}, shape, n)
	}
	known := stock.Decode(op)
	if _, ok := known.(stock.Constant); ok {
		return lowerConstant(n, op, shape, dtype)
	}
	if n.Dtype() == dtype {
		if v := lowerByIndices(known, shape, n, args); v != nil {
			return v
		}
	}
	if !all(dtype, n, args) {
		return newValue(opaque{op, "is not of the graph's float type alone"}, shape, n, args...)
	}
	switch op.(type) {
	case ops.Conv2DOp, ops.Conv2DInputGradOp, ops.Conv2DWeightGradOp, ops.Conv2DEachGradOp, ops.AddBiasOp, ops.BiasGradOp, ops.MaxPoolOp, ops.MaxPoolGradOp,
		ops.MaxPoolPickOp, ops.MeanPoolOp, ops.MeanPoolGradOp, ops.SoftmaxCrossEntropyOp, ops.SoftmaxCrossEntropyGradOp,
		ops.SpreadBiasOp, ops.RowSumsOp:
		return newValue(custom{op}, shape, n, args...)
	case ops.SoftmaxOp:
		return newValue(softmax{axis: 1}, shape, n, args...)
	}
	if v := lowerRepaired(op, known, shape, n, args); v != nil {
		return v
	}
	if known == nil {
		return newValue(opaque{op, "has no instruction of our own"}, shape, n, args...)
	}
	if v := lowerStock(known, shape, n, args); v != nil {
		return v
	}
	return newValue(opaque{op, "has no instruction of our own for these shapes"}, shape, n, args...)
}

// all tells whether a node and its operands are of the program's float type.
func all(dtype tensor.Dtype, n *G.Node, args []*value) bool {
	return n.Dtype() == dtype && !slices.ContainsFunc(args, func(a *value) bool { return a.node.Dtype() != dtype })
}

// lowerConstant evaluates a constant, once.
func lowerConstant(n *G.Node, op G.Op, shape []int, dtype tensor.Dtype) *value {
	data, _ := op.Do() // gives what it was made of
	if n.Dtype() == dtype {
		switch x := data.(type) {
		case *G.F64:
			return newValue(constant{float64(*x)}, shape, n)
		case *G.F32:
			return newValue(constant{float64(*x)}, shape, n)
		}
	}
	return newValue(fixed{data}, shape, n)
}
