package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// biasGrad emits sums over all axes but the channels'.
func (c *compiled[F]) biasGrad(v *value, n, area int, out, in *slot[F]) {
	if area == 1 {
		c.once(v, func(int) { vec.ColumnSums(out.data, in.data, len(in.data)/n, n) })
		return
	}
	c.ranges(v, n, rowPieces(n, v.args[0].size/n), func(_, from, to int) {
		for m := from; m < to; m++ {
			sum := F(0)
			for at := m * area; at < len(in.data); at += n * area {
				sum += vec.Sum(in.data[at : at+area])
			}
			out.data[m] = sum
		}
	})
}

// plusBias emits x + b, b having a number a channel.
func (c *compiled[F]) plusBias(v *value, out, x, b *slot[F]) {
	n, area := channels(v.shape)
	c.ranges(v, v.shape[0], rowPieces(v.shape[0], n*area), func(_, from, to int) {
		part := func(s *slot[F]) []F { return s.data[from*n*area : to*n*area] }
		ops.PlusBias(n, area, part(out), part(x), b.data)
	})
}

// crossEntropy emits the loss of rows of n logits.
func (c *compiled[F]) crossEntropy(v *value, rows, n int, out, z, y *slot[F]) {
	c.need(vec.CrossEntropyWorkspaceLen(rows, n))
	c.once(v, func(worker int) { out.data[0] = vec.CrossEntropy(c.spaces[worker], z.data, y.data, n) })
}

// crossEntropyGrad emits the loss's gradient.
func (c *compiled[F]) crossEntropyGrad(v *value, rows, n int, out, z, y, g *slot[F]) {
	c.once(v, func(int) { vec.CrossEntropyGrad(out.data, z.data, y.data, n, rows, g.data[0]) })
}
