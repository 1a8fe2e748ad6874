package main

import . "github.com/mmcloughlin/avo/build"

// optimizers are updates of weights w by gradients g in one pass.
func optimizers() {
	loop{in: []string{"w", "grad"}, out: []string{"w"}, scalars: []string{"rate"}, unroll: 4, body: func(in, s []vector) []vector {
		VFNMADD231PS(in[1], s[0], in[0])
		return in[:1]
	}}.write("sgdAVX2", "(w, grad *float32, n int, rate float32)", "is SGD.")
	velocity := loop{in: []string{"w", "v", "grad"}, out: []string{"w", "v"}, scalars: []string{"rate", "mu"}, unroll: 2}
	velocity.body = func(in, s []vector) []vector {
		w, v, g := in[0], in[1], in[2]
		VFMADD213PS(g, s[1], v)
		VFNMADD231PS(v, s[0], w)
		return in[:2]
	}
	velocity.write("momentumAVX2", "(w, v, grad *float32, n int, rate, mu float32)", "is Momentum.")
	velocity.body = func(in, s []vector) []vector {
		w, v, g := in[0], in[1], in[2]
		VFMADD213PS(g, s[1], v)
		VFMADD231PS(v, s[1], g)
		VFNMADD231PS(g, s[0], w)
		return in[:2]
	}
	velocity.write("nesterovAVX2", "(w, v, grad *float32, n int, rate, mu float32)", "is Nesterov.")
	loop{in: []string{"w", "r", "grad"}, out: []string{"w", "r"}, scalars: []string{"rate", "decay", "rest", "eps"}, unroll: 2,
		body: func(in, s []vector) []vector {
			w, r, g := in[0], in[1], in[2]
			average(r, apply(VMULPS, g, g), s[1], s[2])
			return []vector{apply(VSUBPS, apply(VDIVPS, root(r, s[3]), apply(VMULPS, g, s[0])), w), r}
		}}.write("rmspropAVX2", "(w, r, grad *float32, n int, rate, decay, rest, eps float32)", "is RMSProp; rest is 1 - decay.")
	loop{in: []string{"w", "m", "v", "grad"}, out: []string{"w", "m", "v"}, unroll: 1,
		scalars: []string{"size", "beta1", "rest1", "beta2", "rest2", "eps", "keep"},
		body: func(in, s []vector) []vector {
			w, m, v, g := in[0], in[1], in[2], in[3]
			average(m, g, s[1], s[2])
			average(v, apply(VMULPS, g, g), s[3], s[4])
			step := apply(VDIVPS, root(v, s[5]), apply(VMULPS, m, s[0]))
			return []vector{apply(VSUBPS, step, apply(VMULPS, s[6], w)), m, v}
		}}.write("adamAVX2", "(w, m, v, grad *float32, n int, size, beta1, rest1, beta2, rest2, eps, keep float32)", "is adamStep.")
}

// average is mean = decay mean + rest x.
func average(mean, x, decay, rest vector) {
	VMULPS(decay, mean, mean)
	VFMADD231PS(rest, x, mean)
}

// root is sqrt(x) + eps.
func root(x, eps vector) vector {
	r := YMM()
	VSQRTPS(x, r)
	VADDPS(eps, r, r)
	return r
}
