package interpret

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Plan is the order in which the nodes that some results need are evaluated, for
// evaluating them again and again.
type Plan struct{ steps []step }

type step struct {
	node     *G.Node
	children G.Nodes
}

// NewPlan orders the results and what they depend on, down to the nodes of given,
// which will have values when the plan is run.
func NewPlan(given map[*G.Node]G.Value, results ...*G.Node) Plan {
	var p Plan
	seen := map[*G.Node]bool{}
	var add func(n *G.Node)
	add = func(n *G.Node) {
		if _, known := given[n]; known || seen[n] {
			return
		}
		seen[n] = true
		children := Operands(n)
		for _, c := range children {
			add(c)
		}
		p.steps = append(p.steps, step{n, children})
	}
	for _, n := range results {
		add(n)
	}
	return p
}

// Nodes are the plan's, operands before what is made of them.
func (p Plan) Nodes() (nodes G.Nodes) {
	for _, s := range p.steps {
		nodes = append(nodes, s.node)
	}
	return nodes
}

// Values evaluates the plan, from given and from the present values of the inputs
// that are not.
func (p Plan) Values(given map[*G.Node]G.Value) (map[*G.Node]G.Value, error) {
	return p.Watch(given, nil)
}

// Watch is Values that hands each operator with its operands, which are copies,
// and with what gives its value to see, and goes on with the value that see gives,
// under the node's shape.
func (p Plan) Watch(given map[*G.Node]G.Value, see func(n *G.Node, args []G.Value, apply Apply) (G.Value, error)) (map[*G.Node]G.Value, error) {
	apply := Apply(modes{}.apply)
	do := apply
	if see != nil {
		do = func(n *G.Node, args []G.Value) (G.Value, error) { return see(n, args, apply) }
	}
	values := make(map[*G.Node]G.Value, len(p.steps)+len(given))
	for n, v := range given {
		values[n] = v
	}
	for _, s := range p.steps {
		if values[s.node] != nil { // an input that is to have another value for once
			continue
		}
		v, err := s.value(values, do)
		if err != nil {
			return values, fmt.Errorf("interpret: %v: %w", s.node, err)
		}
		values[s.node] = v
	}
	return values, nil
}

func (s step) value(values map[*G.Node]G.Value, apply Apply) (G.Value, error) {
	n := s.node
	if n.Op() == nil {
		if n.Value() == nil {
			return nil, fmt.Errorf("has no value")
		}
		return Copy(n.Value(), n.Shape())
	}
	args := make([]G.Value, len(s.children))
	for i, c := range s.children {
		var err error
		if args[i], err = Copy(values[c], c.Shape()); err != nil {
			return nil, err
		}
	}
	v, err := apply(n, args)
	if err != nil {
		return nil, err
	}
	return Copy(v, n.Shape())
}

// Operands are a node's, in order.
func Operands(n *G.Node) (children G.Nodes) {
	if n.Op() == nil {
		return nil
	}
	g := n.Graph()
	if g.Node(n.ID()) != n { // building may remove nodes, as the logarithm of a sigmoid does: the numbers of others are wrong then
		g = g.ExactSubgraphRoots(n)
	}
	for it := g.From(n.ID()); it.Next(); {
		children = append(children, it.Node().(*G.Node))
	}
	return children
}

// Apply gives what a node's operator makes of operands. What the operator panics
// with is an error that names the operands' shapes.
type Apply func(n *G.Node, args []G.Value) (G.Value, error)

// Alone applies operators that belong to no run.
func Alone() Apply { return modes{}.apply }

func (m modes) apply(n *G.Node, args []G.Value) (v G.Value, err error) {
	shapes := make([]tensor.Shape, len(args))
	for i, a := range args {
		shapes[i] = slices.Clone(a.Shape())
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("operands of shape %v: panic: %v", shapes, r)
		}
	}()
	decoded := stock.Decode(n.Op())
	if v, done := Right(decoded, n.Shape(), args); done {
		return v, nil
	}
	if v, done, err := m.do(n, decoded, args); done || err != nil {
		return v, err
	}
	if v, err = n.Op().Do(args...); err != nil {
		return nil, fmt.Errorf("operands of shape %v: %w", shapes, err)
	}
	if v == nil {
		return nil, fmt.Errorf("operands of shape %v: the operator gave no value", shapes)
	}
	return v, nil
}
