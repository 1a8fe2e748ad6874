package main

import (
	. "github.com/mmcloughlin/avo/build"

	"symgrad/train/vm/kernel/internal/avx"
	"symgrad/train/vm/kernel/internal/neon"
)

// rule is an update of weights w by gradients g in one pass.
type rule struct {
	loop
	name, signature, doc string
	avx                  func(w *writer, in, s []vector) []vector
	neon                 func(w *neonWriter, in, s []vec) []vec
}

func (r rule) write(w *writer) {
	r.body = func(in, s []vector) []vector { return r.avx(w, in, s) }
	r.loop.write(w, r.name, r.signature, r.doc)
}

func rules() []rule {
	velocity := loop{in: []string{"w", "v", "grad"}, out: []string{"w", "v"}, scalars: []string{"rate", "mu"}, unroll: 2}
	return []rule{
		{
			loop{in: []string{"w", "grad"}, out: []string{"w"}, scalars: []string{"rate"}, unroll: 4},
			"sgd", "(w, grad *float, n int, rate float)", "is SGD.",
			func(w *writer, in, s []vector) []vector {
				VFNMADD231PS(in[1], s[0], in[0])
				return in[:1]
			},
			func(w *neonWriter, in, s []vec) []vec { return []vec{w.fnma(in[1], s[0], in[0])} },
		},
		{
			velocity, "momentum", "(w, v, grad *float, n int, rate, mu float)", "is Momentum.",
			func(w *writer, in, s []vector) []vector {
				p, v, g := in[0], in[1], in[2]
				VFMADD213PS(g, s[1], v)
				VFNMADD231PS(v, s[0], p)
				return in[:2]
			},
			func(w *neonWriter, in, s []vec) []vec {
				v := w.fma(in[1], s[1], in[2])
				return []vec{w.fnma(v, s[0], in[0]), v}
			},
		},
		{
			velocity, "nesterov", "(w, v, grad *float, n int, rate, mu float)", "is Nesterov.",
			func(w *writer, in, s []vector) []vector {
				p, v, g := in[0], in[1], in[2]
				VFMADD213PS(g, s[1], v)
				VFMADD231PS(v, s[1], g)
				VFNMADD231PS(g, s[0], p)
				return in[:2]
			},
			func(w *neonWriter, in, s []vec) []vec {
				v := w.fma(in[1], s[1], in[2])
				return []vec{w.fnma(w.fma(v, s[1], in[2]), s[0], in[0]), v}
			},
		},
		{
			loop{in: []string{"w", "r", "grad"}, out: []string{"w", "r"}, scalars: []string{"rate", "decay", "rest", "eps"}, unroll: 2},
			"rmsprop", "(w, r, grad *float, n int, rate, decay, rest, eps float)", "is RMSProp; rest is 1 - decay.",
			func(w *writer, in, s []vector) []vector {
				p, r, g := in[0], in[1], in[2]
				average(r, avx.Apply(VMULPS, g, g), s[1], s[2])
				return []vector{avx.Apply(VSUBPS, avx.Apply(VDIVPS, w.root(r, s[3]), avx.Apply(VMULPS, g, s[0])), p), r}
			},
			func(w *neonWriter, in, s []vec) []vec {
				p, g := in[0], in[2]
				r := w.fma(s[2], w.op(neon.FMUL, g, g), w.op(neon.FMUL, in[1], s[1]))
				step := w.op(neon.FDIV, w.op(neon.FMUL, g, s[0]), w.root(r, s[3]))
				return []vec{w.op(neon.FSUB, p, step), r}
			},
		},
		{
			loop{in: []string{"w", "m", "v", "grad"}, out: []string{"w", "m", "v"}, unroll: 1,
				scalars: []string{"size", "beta1", "rest1", "beta2", "rest2", "eps", "keep"}},
			"adam", "(w, m, v, grad *float, n int, size, beta1, rest1, beta2, rest2, eps, keep float)", "is AdamStep.Update.",
			func(w *writer, in, s []vector) []vector {
				p, m, v, g := in[0], in[1], in[2], in[3]
				average(m, g, s[1], s[2])
				average(v, avx.Apply(VMULPS, g, g), s[3], s[4])
				step := avx.Apply(VDIVPS, w.root(v, s[5]), avx.Apply(VMULPS, m, s[0]))
				return []vector{avx.Apply(VSUBPS, step, avx.Apply(VMULPS, s[6], p)), m, v}
			},
			func(w *neonWriter, in, s []vec) []vec {
				p, g := in[0], in[3]
				m := w.fma(s[2], g, w.op(neon.FMUL, in[1], s[1]))
				v := w.fma(s[4], w.op(neon.FMUL, g, g), w.op(neon.FMUL, in[2], s[3]))
				step := w.op(neon.FDIV, w.op(neon.FMUL, m, s[0]), w.root(v, s[5]))
				return []vec{w.op(neon.FSUB, w.op(neon.FMUL, p, s[6]), step), m, v}
			},
		},
	}
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

// root is sqrt(x) + eps.
func (w *neonWriter) root(x, eps vec) vec { return w.op(neon.FADD, w.op(neon.FSQRT, x), eps) }
