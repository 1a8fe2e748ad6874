package repair

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/stock"
)

// Grad gives the gradient of a scalar cost by each node of wrt, in its shape, as
// nodes of the same graph. It differs from gorgonia.Grad in that
//
//   - derivatives that Gorgonia has wrong, or not at all, are right;
//   - it may be called again, on the same cost or on what depends on its results;
//   - wrt may hold any nodes, not inputs alone, also such as depend on each other:
//     each gradient is the whole one, by way of the others too;
//   - a gradient by what the cost does not depend on is zeros, not an error;
//   - it does not mark wrt as differentiated: node.Deriv stays as it is. For a
//     solver of Gorgonia's call gorgonia.SetDerivOf with gradient and node.
//
// An operator whose own numbers are wrong, such as AveragePool2D, is an error:
// [Graph] replaces it.
func Grad(cost *G.Node, wrt ...*G.Node) (G.Nodes, error) {
	if cost == nil || !cost.IsScalar() {
		return nil, fmt.Errorf("repair: the gradient of %v: want a scalar", cost)
	}
	for _, n := range wrt {
		if n == nil || n.Graph() != cost.Graph() {
			return nil, fmt.Errorf("repair: the gradient by %v: it is not in the graph of %v", n, cost)
		}
	}
	one, err := number(cost, 1)
	if err != nil {
		return nil, err
	}
	grads, err := backward(cost, one, wrt, true)
	if err != nil {
		return nil, err
	}
	for i, n := range wrt {
		if grads[i] == nil {
			if grads[i], err = zeros(n); err != nil {
				return nil, err
			}
		}
	}
	return grads, nil
}

// backward takes dL/dy back to the leaves; nil for a leaf that y does not depend
// on. It goes beyond a leaf, to others that it is made of, or leaves are taken for
// independent of each other.
func backward(y, dy *G.Node, leaves []*G.Node, beyond bool) (G.Nodes, error) {
	order, depends := between(y, leaves, beyond)
	terms := map[*G.Node]G.Nodes{y: {dy}}
	sums := map[*G.Node]*G.Node{}
	for _, n := range slices.Backward(order) {
		if !depends[n] || len(terms[n]) == 0 {
			continue
		}
		sum, err := added(terms[n])
		if err != nil {
			return nil, fmt.Errorf("repair: the gradients of %v: %w", n, err)
		}
		sums[n] = sum
		in := interpret.Operands(n)
		need := make([]bool, len(in))
		for i, c := range in {
			need[i] = depends[c]
		}
		if leaf := slices.Contains(leaves, n); leaf && (!beyond || !slices.Contains(need, true)) {
			continue
		}
		grads, err := pulledBack(n, in, sum, need)
		if err != nil {
			return nil, err
		}
		for i, d := range grads {
			if !need[i] || d == nil {
				continue
			}
			if d, err = fitted(d, in[i].Shape()); err != nil {
				return nil, fmt.Errorf("repair: the gradient of %v by operand %d: %w", n.Op(), i+1, err)
			}
			terms[in[i]] = append(terms[in[i]], d)
		}
	}
	grads := make(G.Nodes, len(leaves))
	for i, n := range leaves {
		grads[i] = sums[n]
	}
	return grads, nil
}

// between orders what y is made of, operands first and down to the leaves or
// beyond, and tells which of it depends on them.
func between(y *G.Node, leaves []*G.Node, beyond bool) (order G.Nodes, depends map[*G.Node]bool) {
	depends = map[*G.Node]bool{}
	seen := map[*G.Node]bool{}
	var visit func(n *G.Node)
	visit = func(n *G.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if depends[n] = slices.Contains(leaves, n); !depends[n] || beyond {
			for _, c := range interpret.Operands(n) {
				visit(c)
				depends[n] = depends[n] || depends[c]
			}
		}
		order = append(order, n)
	}
	visit(y)
	return order, depends
}

// pulledBack takes dL/dy of a node to its operands.
func pulledBack(n *G.Node, in G.Nodes, dy *G.Node, need []bool) (grads G.Nodes, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		if err != nil {
			err = fmt.Errorf("repair: the derivative of %v, operands %v: %w", n.Op(), shapesOf(in), err)
		}
	}()
	if why := wrongNumbers(n.Op(), in); why != "" {
		return nil, fmt.Errorf("%s; Graph replaces it", why)
	}
	if d := derivativeOf(n.Op()); d != nil {
		return d.of(in, n, dy, need)
	}
	op, ok := stock.Of(n.Op()).(G.SDOp)
	if !ok {
		return nil, fmt.Errorf("the operator has none")
	}
	if differentiable := op.DiffWRT(len(in)); !anyOf(differentiable, need) {
		return nil, nil // a comparison, the size of an axis: constant wherever it is differentiable
	}
	if grads, err = op.SymDiff(in, n, dy); err != nil {
		return nil, err
	}
	if len(grads) < len(in) {
		return nil, fmt.Errorf("%d gradients for %d operands", len(grads), len(in))
	}
	grads = grads[:len(in)] // batch normalisation has two more to give
	for i, ok := range op.DiffWRT(len(in)) {
		if !ok {
			grads[i] = nil
		}
	}
	return grads, nil
}

func anyOf(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

func added(terms G.Nodes) (sum *G.Node, err error) {
	sum = terms[0]
	for _, t := range terms[1:] {
		if sum, err = G.Add(sum, t); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// fitted gives a gradient the shape of what it is the gradient of: to Gorgonia
// (N), (N, 1) and (1, N) are alike.
func fitted(d *G.Node, shape tensor.Shape) (*G.Node, error) {
	if slices.Equal(d.Shape(), shape) {
		return d, nil
	}
	if d.Shape().TotalSize() != shape.TotalSize() {
		return nil, fmt.Errorf("it has the shape %v, the operand %v", d.Shape(), shape)
	}
	return reshape(d, shape)
}

func shapesOf(nodes G.Nodes) (shapes []tensor.Shape) {
	for _, n := range nodes {
		shapes = append(shapes, n.Shape())
	}
	return shapes
}
