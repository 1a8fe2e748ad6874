package main

import (
	. "github.com/mmcloughlin/avo/build"

	"symgrad/train/vm/kernel/internal/avx"
)

// optimizers are updates of weights w by gradients g in one pass.
func (w *writer) optimizers() {
	loop{in: []string{"w", "grad"}, out: []string{"w"}, scalars: []string{"rate"}, unroll: 4, body: func(in, s []vector) []vector {
		VFNMADD231PS(in[1], s[0], in[0])
		return in[:1]
	}}.write(w, "sgd", "(w, grad *float, n int, rate float)", "is SGD.")
	velocity := loop{in: []string{"w", "v", "grad"}, out: []string{"w", "v"}, scalars: []string{"rate", "mu"}, unroll: 2}
	velocity.body = func(in, s []vector) []vector {
		p, v, g := in[0], in[1], in[2]
		VFMADD213PS(g, s[1], v)
		VFNMADD231PS(v, s[0], p)
		return in[:2]
	}
	velocity.write(w, "momentum", "(w, v, grad *float, n int, rate, mu float)", "is Momentum.")
	velocity.body = func(in, s []vector) []vector {
		p, v, g := in[0], in[1], in[2]
		VFMADD213PS(g, s[1], v)
		VFMADD231PS(v, s[1], g)
		VFNMADD231PS(g, s[0], p)
		return in[:2]
	}
	velocity.write(w, "nesterov", "(w, v, grad *float, n int, rate, mu float)", "is Nesterov.")
	loop{in: []string{"w", "r", "grad"}, out: []string{"w", "r"}, scalars: []string{"rate", "decay", "rest", "eps"}, unroll: 2,
		body: func(in, s []vector) []vector {
			p, r, g := in[0], in[1], in[2]
			average(r, avx.Apply(VMULPS, g, g), s[1], s[2])
			return []vector{avx.Apply(VSUBPS, avx.Apply(VDIVPS, w.root(r, s[3]), avx.Apply(VMULPS, g, s[0])), p), r}
		}}.write(w, "rmsprop", "(w, r, grad *float, n int, rate, decay, rest, eps float)", "is RMSProp; rest is 1 - decay.")
	loop{in: []string{"w", "m", "v", "grad"}, out: []string{"w", "m", "v"}, unroll: 1,
		scalars: []string{"size", "beta1", "rest1", "beta2", "rest2", "eps", "keep"},
		body: func(in, s []vector) []vector {
			p, m, v, g := in[0], in[1], in[2], in[3]
			average(m, g, s[1], s[2])
			average(v, avx.Apply(VMULPS, g, g), s[3], s[4])
			step := avx.Apply(VDIVPS, w.root(v, s[5]), avx.Apply(VMULPS, m, s[0]))
			return []vector{avx.Apply(VSUBPS, step, avx.Apply(VMULPS, s[6], p)), m, v}
		}}.write(w, "adam", "(w, m, v, grad *float, n int, size, beta1, rest1, beta2, rest2, eps, keep float)", "is AdamStep.Update.")
}

// average is mean = decay mean + rest x.
func average(mean, x, decay, rest vector) {
	VMULPS(decay, mean, mean)
	VFMADD231PS(rest, x, mean)
}

// root is sqrt(x) + eps.
func (w *writer) root(x, eps vector) vector {
	r := w.New()
	VSQRTPS(x, r)
	VADDPS(eps, r, r)
	return r
}
