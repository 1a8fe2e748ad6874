package vm

import (
	"reflect"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// withState views what the results need of a graph. An operator that keeps
// state for its gradient, as batch normalisation does, is needed wherever its
// gradient is, although no edge says so: forward maps the one to the other.
//
// A view also cures that building can remove nodes (the logarithm of a sigmoid
// does), after which a graph finds wrong nodes by their number.
func withState(g *G.ExprGraph, results []*G.Node) (view *G.ExprGraph, forward map[*G.Node]*G.Node) {
	var stateful []*G.Node
	for _, n := range g.AllNodes() {
		if keepsState(n.Op()) {
			stateful = append(stateful, n)
		}
	}
	roots := slices.Clone(results)
	for {
		view = g.ExactSubgraphRoots(roots...)
		forward = map[*G.Node]*G.Node{}
		before := len(roots)
		for _, n := range view.AllNodes() {
			s := forwardOf(g, n, stateful)
			if s == nil {
				continue
			}
			forward[n] = s
			if !slices.Contains(roots, s) {
				roots = append(roots, s)
			}
		}
		if len(roots) == before {
			return view, forward
		}
	}
}

// keepsState tells whether an operator may keep something for its gradient that
// no edge shows. Dropout's gradient reads the node itself.
func keepsState(op G.Op) bool {
	if reflect.ValueOf(stock.Of(op)).Kind() != reflect.Pointer {
		return false
	}
	switch stock.Decode(op).(type) {
	case nil, stock.BatchNorm, stock.GroupNorm, stock.CTCLoss:
		return true
	}
	return false
}

// forwardOf finds whose gradient n is: where one operator stands at several
// nodes, at the one with n's first operand.
func forwardOf(g *G.ExprGraph, n *G.Node, stateful []*G.Node) (forward *G.Node) {
	for _, s := range stateful {
		if stock.BelongsTo(n.Op(), s.Op()) && (forward == nil || firstOperand(g, s) == firstOperand(g, n)) {
			forward = s
		}
	}
	return forward
}

func firstOperand(g *G.ExprGraph, n *G.Node) *G.Node {
	it := g.From(n.ID())
	it.Next()
	return it.Node().(*G.Node)
}

// lowerModes lowers the operators that know two modes; nil for any other.
func lowerModes(known any, shape []int, n *G.Node, args []*value) *value {
	switch op := known.(type) {
	case stock.BatchNorm:
		return newValue(batchNorm{op}, shape, n, args...)
	case stock.BatchNormGrad:
		return newValue(batchNormGrad{op.BatchNorm}, shape, n, args...) // what is besides its forward comes later, see waitFor
	case stock.Dropout:
		return newValue(dropout{op}, shape, n, args...)
	case stock.DropoutGrad:
		if _, ok := args[1].op.(dropout); ok {
			return newValue(dropoutGrad{op.Dropout}, shape, n, args[2], args[1].beside(shape))
		}
	}
	return nil
}

// waitFor has a gradient computed after the operator whose state it reads.
func (v *value) waitFor(forward *value) {
	if _, ok := v.op.(batchNormGrad); ok {
		v.args = append(v.args, forward.beside([]int{momentsLen(forward.shape[1])}))
	} else {
		v.after = append(v.after, forward)
	}
}

// beside is the one value that v's instruction writes besides.
func (v *value) beside(shape []int) *value {
	if len(v.side) == 0 {
		v.side = append(v.side, newValue(besides{}, shape, v.node, v))
	}
	return v.side[0]
}
