package vm

import "symgrad/models/ops"

// product32 emits a product in float32.
func product32(c *compiled[float32], v *value, op dense, m, n, k int, out *slot[float32], in []*slot[float32]) {
	act := func([]float32) {}
	if op.act != opCopy {
		loop := unaryLoop[float32](op.act)
		act = func(rows []float32) { loop(rows, rows) }
	}
	pieces := rowPieces(m, n*k)
	c.add(v, pieces, func(_, piece int) {
		from, to := piece*m/pieces, (piece+1)*m/pieces
		rows := out.data[from*n : to*n]
		multiply(op.matmul, rows, in[0].data, in[1].data, in[2].data, from, to, m, n, k)
		act(rows)
	})
}

func (c *compiled[F]) biasGrad(v *value, n, area int, out, in *slot[F]) {
	c.add(v, 1, func(int, int) { ops.SumBias(n, area, out.data, in.data) })
}

func crossEntropy[F ops.Float](n int, z, y []F) F { return ops.CrossEntropy(n, z, y) }

func crossEntropyGrad[F ops.Float](n int, dz, z, y []F, g F) { ops.CrossEntropyGrad(n, dz, z, y, g) }
