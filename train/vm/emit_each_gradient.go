package vm

// eachGradInto gives the gradient of a convolution's filters and biases from each
// image alone, map after map: the kernel's sum of one image, unpacked into the
// workspace.
func eachGradInto(s *compiled[float32], v *value, k weightKernel) {
	out, x, dz := s.slot(v), s.slot(v.args[0]), s.slot(v.args[1])
	b := blockOf(v)
	row, maps := v.shape[1], b.shape.Maps
	taps := row/maps - 1
	s.need(b.workspaceLen() + k.gradLen + row)
	ofImages(s, v, func(work []float32, from, to int) {
		acc, work := work[:k.gradLen], work[k.gradLen:]
		weights, biases, work := work[:maps*taps], work[maps*taps:row], work[row:]
		for i := from; i < to; i++ {
			clear(acc)
			k.run(acc, x.data, dz.data, work, i, i+1)
			k.unpack(weights, biases, acc)
			for m, bias := range biases {
				one := out.data[i*row+m*(taps+1):][:taps+1]
				copy(one[:taps], weights[m*taps:])
				one[taps] = bias
			}
		}
	})
}
