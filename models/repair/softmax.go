package repair

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// ofColumn tells whether an axis, -1 for the last, is that of a column: to
// Gorgonia's softmax the last axis of a column is the first.
func ofColumn(axis int) func(in G.Nodes) bool {
	return func(in G.Nodes) bool { return axis == -1 && in[0].IsColVec() }
}

// softmax is Gorgonia's derivative, along the axis that its values are taken along.
func softmax(op stock.Softmax, in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	of := stock.Of(y.Op())
	if ofColumn(op.Axis)(in) {
		along := G.SoftMax
		if op.Log {
			along = G.LogSoftMax
		}
		var err error
		if of, err = opOf(func(x *G.Node) (*G.Node, error) { return along(x, 0) }, in[0]); err != nil {
			return nil, err
		}
	}
	return of.(G.SDOp).SymDiff(in, y, dy)
}

// softmaxGrad is the derivative of the gradient of softmax, dx = y (dy - sum y dy),
// or of its logarithm, dx = dy - exp(y) sum dy.
type softmaxGrad struct {
	axis int
	log  bool
}

func (s softmaxGrad) pulledBack(in G.Nodes, _, u *G.Node, need []bool) (G.Nodes, error) {
	y, dy := in[1], in[2]
	axis := s.axis
	if axis == -1 {
		axis = y.Dims() - 1
	}
	if axis < 0 || axis >= y.Dims() || s.axis == -1 && y.IsColVec() {
		return nil, fmt.Errorf("axis %d of %v", s.axis, y.Shape())
	}
	var b builder
	grads := G.Nodes{nil, nil, nil}
	times := func(x, sum *G.Node) *G.Node { return b.spread(G.BroadcastHadamardProd, x, sum, axis) }
	less := func(x, sum *G.Node) *G.Node { return b.spread(G.BroadcastSub, x, sum, axis) }
	if s.log {
		p := b.one(G.Exp, y)
		if need[1] {
			grads[1] = b.neg(b.mul(u, times(p, b.sum(dy, axis))))
		}
		if need[2] {
			grads[2] = less(u, b.sum(b.mul(u, p), axis))
		}
	} else {
		uy := b.sum(b.mul(u, y), axis)
		if need[1] {
			grads[1] = b.sub(b.mul(u, less(dy, b.sum(b.mul(dy, y), axis))), times(dy, uy))
		}
		if need[2] {
			grads[2] = b.mul(y, less(u, uy))
		}
	}
	return grads, b.err
}
