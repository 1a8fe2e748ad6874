package reference

// DenseForward computes out = inp W + b.
//
//	out[b,o] = sum_i inp[b,i] weight[i,o] + bias[o]
//
// inp: (B, I), weight: (I, O), bias: (O) or nil, out: (B, O)
func DenseForward(out, inp, weight, bias []float64, B, I, O int) {
	for b := range B {
		for o := range O {
			sum := 0.0
			if bias != nil {
				sum = bias[o]
			}
			for i := range I {
				sum += inp[b*I+i] * weight[i*O+o]
			}
			out[b*O+o] = sum
		}
	}
}

// DenseBackward: by the chain rule over out[b,o],
//
//	dinp[b,i]    = sum_o dout[b,o] weight[i,o]     (dout W^T)
//	dweight[i,o] = sum_b inp[b,i] dout[b,o]        (inp^T dout)
//	dbias[o]     = sum_b dout[b,o]
func DenseBackward(dinp, dweight, dbias, dout, inp, weight []float64, B, I, O int) {
	clear(dinp)
	clear(dweight)
	clear(dbias)
	for b := range B {
		for i := range I {
			for o := range O {
				dinp[b*I+i] += dout[b*O+o] * weight[i*O+o]
				dweight[i*O+o] += inp[b*I+i] * dout[b*O+o]
			}
		}
		for o := range dbias {
			dbias[o] += dout[b*O+o]
		}
	}
}
