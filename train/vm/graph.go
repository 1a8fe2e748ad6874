package vm

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// reading is a node that gorgonia.Read wants the value of, and where it wants it.
type reading struct {
	node *G.Node
	into *G.Value
}

// readsOf lists the graph's Read statements.
func readsOf(g *G.ExprGraph) (reads []reading) {
	for _, n := range g.AllNodes() {
		if n.Op() == nil {
			continue
		}
		if r, ok := stock.Decode(n.Op()).(stock.Read); ok {
			for it := g.From(n.ID()); it.Next(); {
				reads = append(reads, reading{it.Node().(*G.Node), r.Into})
			}
		}
	}
	return reads
}

// defaultResults are the nodes that no other node uses, the gradients of
// inputs, and the losses: what has been differentiated, that is whose own
// gradient is a constant. Differentiation leaves terms that nothing uses,
// such as the gradient of a constant or of the examples, where only parameters
// were asked for: those are no results.
func defaultResults(g *G.ExprGraph) (results []*G.Node) {
	gradient := map[*G.Node]bool{}
	for _, n := range variables(g) {
		gradient[n.Deriv()] = true
	}
	for _, n := range g.AllNodes() {
		if n.Op() == nil || isStatement(n) {
			continue
		}
		if gradient[n] || isLoss(n) || !used(g, n) && !stock.IsStray(n) {
			results = append(results, n)
		}
	}
	return results
}

// variables lists the inputs, differentiated by or not.
func variables(g *G.ExprGraph) (in G.Nodes) {
	for _, n := range g.AllNodes() {
		if n.IsVar() {
			in = append(in, n)
		}
	}
	return in
}

// used tells whether another node computes with n.
func used(g *G.ExprGraph, n *G.Node) bool {
	for it := g.To(n.ID()); it.Next(); {
		if user := it.Node().(*G.Node); !isStatement(user) {
			return true
		}
	}
	return false
}

// isStatement tells whether n is a statement of Read or Set, which has no value.
func isStatement(n *G.Node) bool {
	if n.Op() == nil {
		return false
	}
	switch stock.Decode(n.Op()).(type) {
	case stock.Read, stock.Let:
		return true
	}
	return false
}

func isLoss(n *G.Node) bool {
	d := n.Deriv()
	if d == nil || d.Op() == nil {
		return false
	}
	_, ok := stock.Decode(d.Op()).(stock.Constant)
	return ok
}

// dtypeOf is float32 where the first float node is, else float64.
func dtypeOf(g *G.ExprGraph) tensor.Dtype {
	for _, n := range g.AllNodes() {
		if isStatement(n) {
			continue
		}
		if d := n.Dtype(); d == tensor.Float32 || d == tensor.Float64 {
			return d
		}
	}
	return tensor.Float64
}

// setMode puts operators into training or evaluation mode. Training mode also
// starts running statistics anew, as it does on TapeMachine.
func setMode(g *G.ExprGraph, training bool) error {
	for _, n := range g.AllNodes() {
		if op, ok := n.Op().(G.TrainModeOp); ok {
			if err := op.SetTraining(training); err != nil {
				return err
			}
		}
	}
	return nil
}
