package vm

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Rebatch builds an expression again for another number of examples: the values
// of nodes, with all that they are computed from, in a graph of their own.
// inputs are those whose first axis counts examples; they come unbound. All
// other inputs are parameters: their nodes in the new graph share the numbers
// with the old ones, so that a step of a solver on one graph is seen by the
// other. Gradients are taken anew, by gorgonia.Grad on the new nodes.
//
// The new node of each old one is returned. An expression that a number of
// examples is built into, as in a slice of the batch, is an error that names the
// node.
func Rebatch(batch int, inputs, nodes G.Nodes) (*G.ExprGraph, map[*G.Node]*G.Node, error) {
	r := rebatcher{batch: batch, graph: G.NewGraph(), of: map[*G.Node]*G.Node{}}
	for _, in := range inputs {
		if len(in.Shape()) == 0 || r.old != 0 && in.Shape()[0] != r.old {
			return nil, nil, fmt.Errorf("vm: rebatch: input %v of shape %v, want %d examples", in, in.Shape(), r.old)
		}
		r.old = in.Shape()[0]
	}
	if batch < 1 || len(inputs) == 0 || len(nodes) == 0 {
		return nil, nil, fmt.Errorf("vm: rebatch: %d examples, %d inputs, %d nodes: want at least one of each", batch, len(inputs), len(nodes))
	}
	r.inputs = inputs
	sorted, err := G.Sort(nodes[0].Graph().ExactSubgraphRoots(nodes...))
	if err != nil {
		return nil, nil, fmt.Errorf("vm: rebatch: %w", err)
	}
	for _, n := range slices.Backward(sorted) {
		if err := r.add(n); err != nil {
			return nil, nil, fmt.Errorf("vm: rebatch: %v of shape %v: %w", n, n.Shape(), err)
		}
	}
	return r.graph, r.of, nil
}

type rebatcher struct {
	old, batch int
	inputs     G.Nodes
	graph      *G.ExprGraph
	of         map[*G.Node]*G.Node
}

func (r *rebatcher) add(n *G.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	if n.Op() == nil {
		r.of[n], err = r.input(n)
		return err
	}
	var args G.Nodes
	for it := n.Graph().From(n.ID()); it.Next(); {
		args = append(args, r.of[it.Node().(*G.Node)])
	}
	if r.of[n], err = r.apply(n, args); err != nil {
		return err
	}
	if got, want := r.of[n].Shape(), r.scaled(n.Shape()); !got.Eq(n.Shape()) && !got.Eq(want) {
		return fmt.Errorf("becomes %v", got)
	}
	return nil
}

// input is a node of the new graph for an input: unbound examples, or a
// parameter over the same numbers.
func (r *rebatcher) input(n *G.Node) (*G.Node, error) {
	shape := n.Shape()
	if slices.Contains(r.inputs, n) {
		shape = r.scaled(shape)
		return G.NewTensor(r.graph, n.Dtype(), len(shape), G.WithShape(shape...), G.WithName(n.Name())), nil
	}
	v := n.Value()
	if len(shape) == 0 {
		if v == nil {
			return G.NewScalar(r.graph, n.Dtype(), G.WithName(n.Name())), nil
		}
		return G.NewScalar(r.graph, n.Dtype(), G.WithName(n.Name()), G.WithValue(v)), nil
	}
	options := []G.NodeConsOpt{G.WithShape(shape...), G.WithName(n.Name())}
	if t, ok := v.(*tensor.Dense); ok {
		if !inOrder(t.Shape(), t.Strides()) {
			return nil, fmt.Errorf("its numbers are not in row-major order")
		}
		options = append(options, G.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(t.Data()))))
	}
	return G.NewTensor(r.graph, n.Dtype(), len(shape), options...), nil
}

// apply builds the node of an operator on new operands.
func (r *rebatcher) apply(n *G.Node, args G.Nodes) (*G.Node, error) {
	switch op := stock.Decode(n.Op()).(type) {
	case stock.Constant:
		v, err := n.Op().Do()
		if err != nil {
			return nil, err
		}
		return r.graph.AddNode(G.NewConstant(v, G.WithName(n.Name()))), nil
	case stock.Size:
		return G.SizeOf(op.Axis, args[0])
	case stock.Sum:
		return G.Sum(args[0], op.Axes...)
	case stock.Max:
		return G.Max(args[0], op.Axes...)
	case stock.Reshape:
		to := n.Shape()
		if volume(to) != volume(args[0].Shape()) {
			to = r.scaled(to)
		}
		return G.Reshape(args[0], to.Clone())
	}
	return G.ApplyOp(n.Op(), args...)
}

// scaled is a shape whose first axis counts examples, each with the same number
// of rows.
func (r *rebatcher) scaled(shape tensor.Shape) tensor.Shape {
	if len(shape) == 0 || shape[0]%r.old != 0 {
		return shape
	}
	to := shape.Clone()
	to[0] = shape[0] / r.old * r.batch
	return to
}
