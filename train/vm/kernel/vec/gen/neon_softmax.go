package main

import "symgrad/train/vm/kernel/internal/neon"

// expRows is the part of softmax that vectors can do. Two vectors of lanes are
// added up; those numbers of a row that don't fill both come first.
func (w *neonWriter) expRows() {
	w.define("expRows", "(dst, x *float, rows, n int, tops, sums *float)",
		"sets dst to e^(x - top) for rows of n, top being a row's maximum, and gives the tops and the sums of dst; rows, n > 0.", func() {
			dst, x, rows := w.Param("dst"), w.Param("x"), w.Param("rows")
			tops, sums := w.Param("tops"), w.Param("sums")
			n, whole, p, q, left := w.Param("n"), w.Register(), w.Register(), w.Register(), w.Register()
			least := w.constant("minusInfinity")
			w.Go("AND $-%d, %v, %v", 2*w.count(), n, whole)
			w.Go("LSL $%d, %v", w.bits/32+1, whole)
			w.repeat("row", rows, func() {
				top := w.highest(x, p, n, left, least)
				w.Go("%s.P F%v, %d(%v)", moves[w.size()], top, w.size(), tops)
				w.Go("ADD %v, %v, %v", whole, x, p)
				w.Go("ADD %v, %v, %v", whole, dst, q)
				lanes := w.zeros(2)
				w.Go("TBZ $%d, %v, vector_end", w.wholeBit(1), n)
				y := w.exp(w.op(neon.FSUB, w.load(16, 0, p, true), top))
				w.put(16, q, y)
				w.with(neon.ORR, lanes[0], y, y)
				w.Label("vector_end")
				w.Go("TST $%d, %v", w.count()-1, n)
				w.Go("BEQ last_end")
				// The lanes without a number become 0.
				y = w.exp(w.op(neon.FSUB, w.part("rest", p, n, least), top))
				w.putPart("put", q, n, y)
				w.Go("TBZ $%d, %v, few", w.wholeBit(1), n)
				w.with(neon.ORR, lanes[1], y, y)
				w.Go("B last_end")
				w.Label("few")
				w.with(neon.ORR, lanes[0], y, y)
				w.Label("last_end")
				w.Go("MOVD %v, %v", n, left)
				w.rounds("exp", left, 2*w.count(), func() {
					y := w.pairs(2, x, true)
					each := func(i int) func() {
						return func() {
							y[i] = w.exp(w.op(neon.FSUB, y[i], top))
							w.with(neon.FADD, lanes[i], lanes[i], y[i])
						}
					}
					w.Together(each(0), each(1))
					w.put(16, dst, y...)
				})
				w.Go("%s.P F%v, %d(%v)", moves[w.size()], w.total(lanes), w.size(), sums)
				w.Go("MOVD %v, %v", p, x)
				w.Go("MOVD %v, %v", q, dst)
			})
		})
}

// highest is the maximum of the n numbers at x, in all lanes.
func (w *neonWriter) highest(x, p, n, left neon.Register, least vec) vec {
	top := []vec{w.Copy(least), w.Copy(least)}
	w.Go("MOVD %v, %v", x, p)
	w.Go("MOVD %v, %v", n, left)
	w.rounds("max", left, 2*w.count(), func() {
		for i, v := range w.pairs(2, p, true) {
			w.with(neon.FMAX, top[i], top[i], v)
		}
	})
	w.Go("TBZ $%d, %v, maxVector_end", w.wholeBit(1), n)
	w.with(neon.FMAX, top[0], top[0], w.load(16, 0, p, true))
	w.Label("maxVector_end")
	w.with(neon.FMAX, top[1], top[1], w.part("maxRest", p, n, least))
	w.with(neon.FMAX, top[0], top[0], top[1])
	for lanes := w.count(); lanes > 1; lanes /= 2 {
		w.with(neon.FMAXP, top[0], top[0], top[0])
	}
	return top[0]
}
