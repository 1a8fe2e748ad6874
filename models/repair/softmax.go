package repair

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

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
	before, n, inner := around(y.Shape(), axis)
	flat := func(x *G.Node) *G.Node { return b.reshape(x, before, n, inner) }
	y, dy, u = flat(y), flat(dy), flat(u)
	grads := G.Nodes{nil, nil, nil}
	times := func(x, sum *G.Node) *G.Node { return b.spread(G.BroadcastHadamardProd, x, sum, 1) }
	less := func(x, sum *G.Node) *G.Node { return b.spread(G.BroadcastSub, x, sum, 1) }
	if s.log {
		p := b.one(G.Exp, y)
		if need[1] {
			grads[1] = b.neg(b.mul(u, times(p, b.sum(dy, 1))))
		}
		if need[2] {
			grads[2] = less(u, b.sum(b.mul(u, p), 1))
		}
	} else {
		uy := b.sum(b.mul(u, y), 1)
		if need[1] {
			grads[1] = b.sub(b.mul(u, less(dy, b.sum(b.mul(dy, y), 1))), times(dy, uy))
		}
		if need[2] {
			grads[2] = b.mul(y, less(u, uy))
		}
	}
	for i, d := range grads {
		if d != nil {
			grads[i] = b.reshape(d, in[i].Shape()...)
		}
	}
	return grads, b.err
}
