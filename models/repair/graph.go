package repair

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
	"symgrad/models/stock"
)

// Repaired is a graph with the right operators.
type Repaired struct {
	Graph    *G.ExprGraph
	Replaced []Replacement // in the order of the graph's nodes
	of       map[*G.Node]*G.Node
}

// Replacement is one operator that was put right.
type Replacement struct {
	Node     *G.Node // in the graph given
	Operator string  // Gorgonia's
	Why      string
}

// String is one line.
func (r Replacement) String() string { return fmt.Sprintf("%v: %s", r.Operator, r.Why) }

// Of gives the node that stands in the repaired graph for one of the graph given;
// nil for any other.
func (r *Repaired) Of(n *G.Node) *G.Node { return r.of[n] }

// Graph builds a graph anew. Operators that Gorgonia has wrong are replaced; all
// others, names and shapes are the same. Inputs are bound to the same values,
// which are not copied. Nothing in the new graph is marked as differentiated, so
// that gorgonia.Grad is right in it, once. The graph given stays as it is.
//
// What gorgonia.Grad has put into the graph given already stays as wrong as it is:
// repair a graph first, differentiate then.
//
// Operators that keep state, as batch normalisation and dropout do, are shared by
// both graphs.
func Graph(g *G.ExprGraph) (*Repaired, error) {
	r := &Repaired{Graph: G.NewGraph(), of: map[*G.Node]*G.Node{}}
	for _, n := range g.AllNodes() {
		if _, err := r.node(n); err != nil {
			return nil, fmt.Errorf("repair: %v: %w", n, err)
		}
	}
	return r, nil
}

// node builds a node and, before it, its operands.
func (r *Repaired) node(n *G.Node) (*G.Node, error) {
	if built, ok := r.of[n]; ok {
		return built, nil
	}
	var in G.Nodes
	for _, c := range interpret.Operands(n) {
		built, err := r.node(c)
		if err != nil {
			return nil, err
		}
		in = append(in, built)
	}
	built, err := r.build(n, in)
	if err != nil {
		return nil, err
	}
	if n.Op() != nil && !strings.HasPrefix(n.Name(), fmt.Sprintf("%s(", n.Op())) { // what an operator is called without a name
		G.WithName(n.Name())(built)
	}
	r.of[n] = built
	return built, nil
}

func (r *Repaired) build(n *G.Node, in G.Nodes) (built *G.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("operands %v: panic: %v", shapesOf(in), p)
		}
	}()
	op := n.Op()
	if op == nil {
		return r.input(n), nil
	}
	switch known := stock.Decode(op).(type) {
	case stock.Constant:
		v, err := op.Do()
		if err != nil {
			return nil, err
		}
		return r.Graph.AddNode(G.NewConstant(v, G.WithName(n.Name()))), nil
	case stock.Read:
		return G.Read(in[0], known.Into), nil
	case stock.Let:
		return G.Set(in[0], in[1]), nil
	}
	if len(in) == 0 { // random numbers
		return G.NewUniqueNode(G.WithType(n.Type()), G.WithOp(op), G.WithName(n.Name()), G.WithShape(n.Shape()...), G.In(r.Graph)), nil
	}
	if _, ours := op.(Op); !ours {
		built, why, err := put(op, in)
		if err != nil {
			return nil, err
		}
		if built != nil {
			r.Replaced = append(r.Replaced, Replacement{n, op.String(), why})
			return built, nil
		}
	}
	return G.ApplyOp(op, in...)
}

// input is a node without operands, bound to the same value.
func (r *Repaired) input(n *G.Node) *G.Node {
	options := []G.NodeConsOpt{G.WithType(n.Type()), G.WithName(n.Name()), G.WithShape(n.Shape()...), G.In(r.Graph)}
	if n.Value() != nil {
		options = append(options, G.WithValue(n.Value()))
	}
	return G.NewUniqueNode(options...)
}
