// Package interpret evaluates Gorgonia graphs in the plainest way: node by node,
// each operator's own Do on fresh row-major copies. It is slow and shares no
// memory between nodes, so that it can be the judge of machines that do. Where
// Do itself is known to be wrong, see wrong.go, the right numbers are computed
// here.
package interpret

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Values evaluates all nodes of a graph that are no statements, from the inputs'
// present values. given holds values for nodes that are not to be evaluated,
// such as random ones; nil will do. Operators with state change it, as in any
// run.
func Values(g *G.ExprGraph, given map[*G.Node]G.Value) (map[*G.Node]G.Value, error) {
	values, err := NewPlan(nil, roots(g)...).Values(given)
	if err != nil {
		return nil, err
	}
	return values, nil
}

// IsSize tells whether a node is the length of an axis, which Repeat takes as a
// number: one that is touched may be one less.
func IsSize(n *G.Node) bool {
	if n.Op() == nil {
		return false
	}
	_, ok := stock.Decode(n.Op()).(stock.Size)
	return ok
}

// roots are all nodes but statements: building may have removed some that the
// graph still numbers.
func roots(g *G.ExprGraph) (nodes G.Nodes) {
	for _, n := range g.AllNodes() {
		if n.Op() != nil {
			switch stock.Decode(n.Op()).(type) {
			case stock.Read, stock.Let:
				continue
			}
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// Copy copies a value to row-major memory of its own, under the node's shape.
func Copy(v G.Value, shape tensor.Shape) (G.Value, error) {
	t, ok := v.(*tensor.Dense)
	if !ok {
		return G.CloneValue(v)
	}
	if t.Shape().TotalSize() != shape.TotalSize() {
		return nil, fmt.Errorf("a value of shape %v under the shape %v", t.Shape(), shape)
	}
	if len(shape) == 0 {
		return scalar(t)
	}
	out := tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(shape...))
	switch t.Dtype() {
	case tensor.Float64:
		gather(out.Float64s(), t.Float64s(), t)
	case tensor.Float32:
		gather(out.Float32s(), t.Float32s(), t)
	case tensor.Int:
		gather(out.Ints(), t.Ints(), t)
	default:
		return G.CloneValue(v)
	}
	return out, nil
}

func scalar(t *tensor.Dense) (G.Value, error) {
	switch t.Dtype() {
	case tensor.Float64:
		return G.NewF64(t.Float64s()[0]), nil
	case tensor.Float32:
		return G.NewF32(t.Float32s()[0]), nil
	}
	return nil, fmt.Errorf("a scalar of %v", t.Dtype())
}

// gather walks a tensor by its strides, the last axis first.
func gather[T any](to, from []T, t *tensor.Dense) {
	shape, strides := t.Shape(), t.Strides()
	if slices.Equal(strides, shape.CalcStrides()) {
		copy(to, from)
		return
	}
	for i := range to {
		at, rest := 0, i
		for axis := len(shape) - 1; axis >= 0 && len(strides) > 0; axis-- {
			step := strides[min(axis, len(strides)-1)]
			at, rest = at+rest%shape[axis]*step, rest/shape[axis]
		}
		to[i] = from[at]
	}
}
