package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// biasGrad emits sums over all axes but the channels'.
func (c *compiled[F]) biasGrad(v *value, n, area int, out, in *slot[F]) {
	if dst, ok := any(out).(*slot[float32]); ok && area == 1 {
		src := any(in).(*slot[float32])
		c.add(v, 1, func(int, int) { vec.ColumnSums(dst.data, src.data, len(src.data)/n, n) })
		return
	}
	c.add(v, 1, func(int, int) { ops.SumBias(n, area, out.data, in.data) })
}

// crossEntropy emits the loss of rows of n logits.
func (c *compiled[F]) crossEntropy(v *value, n int, out, z, y *slot[F]) {
	if dst, ok := any(out).(*slot[float32]); ok {
		z, y := any(z).(*slot[float32]), any(y).(*slot[float32])
		scratch := make([]float32, vec.CrossEntropyWorkspaceLen(v.args[0].size/n, n))
		c.add(v, 1, func(int, int) { dst.data[0] = vec.CrossEntropy(scratch, z.data, y.data, n) })
		return
	}
	c.add(v, 1, func(int, int) { out.data[0] = ops.CrossEntropy(n, z.data, y.data) })
}

// crossEntropyGrad emits the loss's gradient.
func (c *compiled[F]) crossEntropyGrad(v *value, n int, out, z, y, g *slot[F]) {
	if dst, ok := any(out).(*slot[float32]); ok {
		z, y, g := any(z).(*slot[float32]), any(y).(*slot[float32]), any(g).(*slot[float32])
		c.add(v, 1, func(int, int) { vec.CrossEntropyGrad(dst.data, z.data, y.data, n, len(z.data)/n, g.data[0]) })
		return
	}
	c.add(v, 1, func(int, int) { ops.CrossEntropyGrad(n, out.data, z.data, y.data, g.data[0]) })
}
