package repair

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// Sparsemax is the point of the simplex that is nearest to x, along an axis:
//
//	y = max(x - t, 0), t such that the sum of y is 1
//
// Martins and Astudillo, "From softmax to sparsemax" (2016), equations 2 and 9.
// Gorgonia's is right of matrices without an axis given.
func Sparsemax(x *G.Node, axis int) (*G.Node, error) {
	if axis < 0 || axis >= x.Dims() {
		return nil, fmt.Errorf("repair: sparsemax of %v along axis %d", x.Shape(), axis)
	}
	var b builder
	before, n, inner := around(x.Shape(), axis)
	last := b.reshape(x, before, n, inner)
	if inner > 1 && b.err == nil {
		last = b.keep(G.Transpose(last, 0, 2, 1))
	}
	rows := b.reshape(last, before*inner, n)
	kept := b.apply(SupportOp{}, rows)
	threshold := b.div(b.sub(b.sum(b.mul(kept, rows), 1), b.number(rows, 1)), b.sum(kept, 1))
	y := b.mul(kept, b.spread(G.BroadcastSub, rows, threshold, 1))
	if inner > 1 && b.err == nil {
		y = b.keep(G.Transpose(b.reshape(y, before, inner, n), 0, 2, 1))
	}
	return b.reshape(y, x.Shape()...), b.err
}

// sparsemax is its derivative along the last axis: dx = s (dy - mean of dy where s
// is 1), s marking the positive numbers of y.
func sparsemax(in G.Nodes, y, dy *G.Node, _ []bool) (G.Nodes, error) {
	var b builder
	last := y.Dims() - 1
	if op := stock.Decode(y.Op()).(stock.Sparsemax); last < 0 || op.Axis != -1 && op.Axis != last {
		return nil, fmt.Errorf("axis %d of %v", op.Axis, y.Shape())
	}
	before, n, _ := around(y.Shape(), last)
	rows, d := b.reshape(y, before, n), b.reshape(dy, before, n)
	kept := b.two(func(x, y *G.Node) (*G.Node, error) { return G.Ne(x, y, true) }, rows, b.number(y, 0))
	mean := b.div(b.sum(b.mul(kept, d), 1), b.sum(kept, 1))
	return G.Nodes{b.mul(kept, b.spread(G.BroadcastSub, d, mean, 1))}, b.err
}

// support marks the k largest numbers z of each row, the largest k for which
// 1 + k z_k is more than their sum.
func support[F float32 | float64](out, x []F, n int) {
	sorted := make([]F, n)
	for at := 0; at < len(x); at += n {
		row := x[at : at+n]
		copy(sorted, row)
		slices.Sort(sorted)
		slices.Reverse(sorted)
		var sum, threshold F
		for k, z := range sorted {
			if sum += z; 1+F(k+1)*z > sum {
				threshold = (sum - 1) / F(k+1)
			}
		}
		for i, v := range row {
			if v > threshold {
				out[at+i] = 1
			}
		}
	}
}
