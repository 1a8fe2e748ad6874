package reference

import "math"

// SigmoidForward: out = 1 / (1 + exp(-inp)).
func SigmoidForward(out, inp []float64) {
	for i, x := range inp {
		out[i] = 1 / (1 + math.Exp(-x))
	}
}

// SigmoidBackward: with s = sigmoid(x), ds/dx = exp(-x)/(1+exp(-x))^2 = s(1-s),
// which is why the tutorials write x*(1-x) for an x that is already a sigmoid.
// Rumelhart, Hinton and Williams (1986), equation 5.
func SigmoidBackward(dinp, dout, out []float64) {
	for i, s := range out {
		dinp[i] = dout[i] * s * (1 - s)
	}
}

// TanhForward: out = tanh(inp).
func TanhForward(out, inp []float64) {
	for i, x := range inp {
		out[i] = math.Tanh(x)
	}
}

// TanhBackward: tanh = sinh/cosh, so with t = tanh(x) the quotient rule gives
// dt/dx = (cosh^2 - sinh^2)/cosh^2 = 1 - t^2. LeCun, Bottou, Orr and Müller,
// "Efficient BackProp" (1998), has the case for it.
func TanhBackward(dinp, dout, out []float64) {
	for i, t := range out {
		dinp[i] = dout[i] * (1 - t*t)
	}
}

// LeakyReLUForward: out = inp where inp >= 0, else slope*inp. A slope of 0 is
// the ReLU of Nair and Hinton, "Rectified linear units improve restricted
// Boltzmann machines" (2010).
func LeakyReLUForward(out, inp []float64, slope float64) {
	for i, x := range inp {
		out[i] = x
		if x < 0 {
			out[i] = slope * x
		}
	}
}

// LeakyReLUBackward: the derivative is 1 where inp >= 0, 0 included, as
// Gorgonia's Rectify has it, else slope. Maas, Hannun and Ng, "Rectifier
// nonlinearities improve neural network acoustic models" (2013).
func LeakyReLUBackward(dinp, dout, inp []float64, slope float64) {
	for i, x := range inp {
		dinp[i] = dout[i]
		if x < 0 {
			dinp[i] = slope * dout[i]
		}
	}
}

// DropoutForward: out = inp * mask, with mask elements of 0 or 1/(1-p).
func DropoutForward(out, inp, mask []float64) {
	for i, x := range inp {
		out[i] = x * mask[i]
	}
}

// DropoutBackward: d out/d inp = mask. Srivastava et al., "Dropout: a simple way
// to prevent neural networks from overfitting" (2014); the scaling while
// training is its section 10.
func DropoutBackward(dinp, dout, mask []float64) {
	for i, d := range dout {
		dinp[i] = d * mask[i]
	}
}

// SoftmaxForward over rows of N: with m the row's maximum, which cancels,
//
//	out_j = exp(inp_j - m) / sum_k exp(inp_k - m)
//
// inp, out: (B, N). Blanchard, Higham and Higham, "Accurately computing the
// log-sum-exp and softmax functions" (2021), on the shift by m.
func SoftmaxForward(out, inp []float64, B, N int) {
	for b := range B {
		row, p := inp[b*N:(b+1)*N], out[b*N:(b+1)*N]
		top, sum := math.Inf(-1), 0.0
		for _, x := range row {
			top = math.Max(top, x)
		}
		for j, x := range row {
			p[j] = math.Exp(x - top)
			sum += p[j]
		}
		for j := range p {
			p[j] /= sum
		}
	}
}

// SoftmaxBackward: dp_j/dx_k = p_j (1[j=k] - p_k), so
//
//	dinp_k = sum_j dout_j p_j (1[j=k] - p_k) = p_k (dout_k - sum_j dout_j p_j)
//
// Bishop, "Pattern Recognition and Machine Learning" (2006), equation 4.106.
// dinp, dout, out: (B, N)
func SoftmaxBackward(dinp, dout, out []float64, B, N int) {
	for b := range B {
		dot := 0.0
		for j := b * N; j < (b+1)*N; j++ {
			dot += dout[j] * out[j]
		}
		for k := b * N; k < (b+1)*N; k++ {
			dinp[k] = out[k] * (dout[k] - dot)
		}
	}
}
