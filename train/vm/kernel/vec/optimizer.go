package vec

import "math"

// The optimisers update len(w) weights from their gradients g; state slices have
// as many elements, zero at first.

// SGD computes w -= rate g.
func SGD(w, g []float32, rate float32) {
	n := len(w)
	g = g[:n]
	switch {
	case has.AVX512 && n > 0:
		zSgd32(&w[0], &g[0], n, rate)
		return
	case native() && n > 0:
		sgd32(&w[0], &g[0], n, rate)
		return
	}
	for i, d := range g {
		w[i] = fma(-rate, d, w[i])
	}
}

// Momentum computes v = mu v + g, w -= rate v (Sutskever et al. 2013, as PyTorch
// writes it).
func Momentum(w, v, g []float32, rate, mu float32) {
	n := len(w)
	v, g = v[:n], g[:n]
	switch {
	case has.AVX512 && n > 0:
		zMomentum32(&w[0], &v[0], &g[0], n, rate, mu)
		return
	case native() && n > 0:
		momentum32(&w[0], &v[0], &g[0], n, rate, mu)
		return
	}
	for i, d := range g {
		v[i] = fma(v[i], mu, d)
		w[i] = fma(-rate, v[i], w[i])
	}
}

// Nesterov computes v = mu v + g, w -= rate (g + mu v) (Nesterov 1983, in
// PyTorch's form).
func Nesterov(w, v, g []float32, rate, mu float32) {
	n := len(w)
	v, g = v[:n], g[:n]
	switch {
	case has.AVX512 && n > 0:
		zNesterov32(&w[0], &v[0], &g[0], n, rate, mu)
		return
	case native() && n > 0:
		nesterov32(&w[0], &v[0], &g[0], n, rate, mu)
		return
	}
	for i, d := range g {
		v[i] = fma(v[i], mu, d)
		w[i] = fma(-rate, fma(v[i], mu, d), w[i])
	}
}

// RMSProp computes r = decay r + (1-decay) g^2, w -= rate g / (sqrt(r) + eps)
// (Hinton, Coursera lecture 6e, 2012).
func RMSProp(w, r, g []float32, rate, decay, eps float32) {
	n, rest := len(w), 1-decay
	r, g = r[:n], g[:n]
	switch {
	case has.AVX512 && n > 0:
		zRmsprop32(&w[0], &r[0], &g[0], n, rate, decay, rest, eps)
		return
	case native() && n > 0:
		rmsprop32(&w[0], &r[0], &g[0], n, rate, decay, rest, eps)
		return
	}
	for i, d := range g {
		r[i] = fma(rest, d*d, float32(decay*r[i]))
		w[i] -= rate * d / (sqrt(r[i]) + eps)
	}
}

// AdamStep is a step's constants of [AdamStep.Update].
type AdamStep struct {
	rate, beta1, rest1, beta2, rest2, eps, keep float32
}

// NewAdamStep prepares step number step, from 1, of AdamW (Loshchilov & Hutter
// 2019, algorithm 2), which is Adam (Kingma & Ba 2015, algorithm 1) if decay is
// 0. The bias corrections are folded into the rate and eps as at the end of
// Kingma and Ba's section 2.
func NewAdamStep(rate, beta1, beta2, eps, decay float64, step int) AdamStep {
	correct1, correct2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
	return AdamStep{
		rate:  float32(rate * math.Sqrt(correct2) / correct1),
		beta1: float32(beta1), rest1: float32(1 - beta1),
		beta2: float32(beta2), rest2: float32(1 - beta2),
		eps: float32(eps * math.Sqrt(correct2)), keep: float32(1 - float64(rate*decay)),
	}
}

// Update computes m = beta1 m + (1-beta1) g, v = beta2 v + (1-beta2) g^2,
// w = (1 - rate decay) w - rate m' / (sqrt(v') + eps), m' and v' being m and v
// with their bias corrected.
func (s AdamStep) Update(w, m, v, g []float32) {
	n := len(w)
	m, v, g = m[:n], v[:n], g[:n]
	switch {
	case has.AVX512 && n > 0:
		zAdam32(&w[0], &m[0], &v[0], &g[0], n, s.rate, s.beta1, s.rest1, s.beta2, s.rest2, s.eps, s.keep)
		return
	case native() && n > 0:
		adam32(&w[0], &m[0], &v[0], &g[0], n, s.rate, s.beta1, s.rest1, s.beta2, s.rest2, s.eps, s.keep)
		return
	}
	for i, d := range g {
		m[i] = fma(s.rest1, d, float32(s.beta1*m[i]))
		v[i] = fma(s.rest2, d*d, float32(s.beta2*v[i]))
		w[i] = float32(s.keep*w[i]) - s.rate*m[i]/(sqrt(v[i])+s.eps)
	}
}
