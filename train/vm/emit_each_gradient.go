package vm

import "symgrad/models/ops"

// eachGradInto gives the gradient of a convolution's filters and biases from each
// image alone, map after map: the kernel's sum of one image, unpacked into the
// workspace.
func eachGradInto(s *compiled[float32], v *value, gradLen int, unpack func(dw, db, acc []float32),
	run func(acc, x, dz, work []float32, from, to int)) {
	out, x, dz := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	b := blockOf(v)
	row, maps := v.shape[1], b.shape.Maps
	taps := row/maps - 1
	s.need(b.workspaceLen() + gradLen + row)
	ofImages(s, v, func(work []float32, from, to int) {
		acc, work := work[:gradLen], work[gradLen:]
		weights, biases, work := work[:maps*taps], work[maps*taps:row], work[row:]
		for i := from; i < to; i++ {
			clear(acc)
			run(acc, x.data, dz.data, work, i, i+1)
			unpack(weights, biases, acc)
			for k, bias := range biases {
				one := out.data[i*row+k*(taps+1):][:taps+1]
				copy(one[:taps], weights[k*taps:])
				one[taps] = bias
			}
		}
	})
}

// eachGrad is the same as package ops computes it.
func (c *compiled[F]) eachGrad(v *value, g ops.Geometry, out, x, dz *slot[F]) {
	row, image, maps := v.shape[1], v.args[0].size/g.Batch, v.args[1].size/g.Batch
	c.ranges(v, g.Batch, 2*shards, func(_, from, to int) {
		some := g
		some.Batch = to - from
		ops.ConvolveEachGrad(some, out.data[from*row:to*row], x.data[from*image:to*image], dz.data[from*maps:to*maps])
	})
}
