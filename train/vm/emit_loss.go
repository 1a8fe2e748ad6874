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
	c.once(v, func(int) { ops.SumBias(n, area, out.data, in.data) })
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
