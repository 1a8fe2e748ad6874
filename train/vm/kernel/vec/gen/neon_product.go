package main

import "symgrad/train/vm/kernel/internal/neon"

// matVec multiplies rows of n numbers by a vector, four rows at a time. Element j
// goes to lane j mod two vectors'; lanes are added by neighbours, then halves.
func (w *neonWriter) matVec() {
	w.define("matVec", "(dst, a, x *float, rows, n int)", "is MatVec for n > 0.", func() {
		m := matrix{dst: w.Param("dst"), a: w.Param("a"), x: w.Param("x"), rows: w.Param("rows"), n: w.Param("n")}
		for range 4 {
			m.row = append(m.row, w.Register())
		}
		m.at, m.left, m.stride = w.Register(), w.Register(), w.Register()
		w.Go("LSL $%d, %v, %v", w.bits/32+1, m.n, m.stride)
		w.rounds("four", m.rows, 4, func() { w.dots("fours", m, 4) })
		w.Go("ADDS $4, %v", m.rows)
		w.Go("BEQ done")
		w.repeat("one", m.rows, func() { w.dots("ones", m, 1) })
		w.Label("done")
	})
}

// matrix are the operands of matVec, and its pointers to rows and to x.
type matrix struct {
	dst, a, x, rows, n, at, left, stride neon.Register
	row                                  []neon.Register
}

// dots stores the products of so many rows, and goes on behind them.
func (w *neonWriter) dots(name string, m matrix, count int) {
	sums, before := w.zeros(2*count), m.a
	for _, r := range m.row[:count] {
		if before == m.a {
			w.Go("MOVD %v, %v", m.a, r)
		} else {
			w.Go("ADD %v, %v, %v", m.stride, before, r)
		}
		before = r
	}
	w.Go("MOVD %v, %v", m.x, m.at)
	w.Go("MOVD %v, %v", m.n, m.left)
	w.rounds(name, m.left, 2*w.count(), func() {
		x := w.pairs(2, m.at, true)
		for i, r := range m.row[:count] {
			for half, v := range w.pairs(2, r, true) {
				w.with(neon.FMLA, sums[2*i+half], v, x[half])
			}
		}
	})
	// What is left begins in the first half of the lanes, or has the first half whole.
	w.Go("TBZ $%d, %v, %s_first", w.wholeBit(1), m.left, name)
	x := w.load(16, 0, m.at, true)
	for i, r := range m.row[:count] {
		w.with(neon.FMLA, sums[2*i], w.load(16, 0, r, true), x)
	}
	w.lastDots(name+"_b", m, sums, 1)
	w.Go("B %s_sum", name)
	w.Label(name + "_first")
	w.lastDots(name+"_a", m, sums, 0)
	w.Label(name + "_sum")
	w.Go("MOVD %v, %v", before, m.a)
	w.storeSums(m.dst, sums)
}

// lastDots adds the last products, fewer than a vector's, to one half of the lanes.
// The other lanes get 0 times -0, which changes nothing, not even -0.
func (w *neonWriter) lastDots(name string, m matrix, sums []vec, half int) {
	w.lanesOf(name, m.left, func(bytes, lane int) {
		lanes := func(p neon.Register, fill string) vec {
			v := w.Copy(w.constant(fill))
			w.Go("VLD1.P %d(%v), V%v.%s[%d]", bytes, p, v, letter(bytes), lane)
			return v
		}
		x := lanes(m.at, "minusZero")
		for i := range len(sums) / 2 {
			w.with(neon.FMLA, sums[2*i+half], lanes(m.row[i], "zero"), x)
		}
	})
}

// storeSums writes the sums of the lanes of each pair of vectors: one, or four.
func (w *neonWriter) storeSums(dst neon.Register, v []vec) {
	rows := len(v) / 2
	for len(v) > (rows+w.count()-1)/w.count() {
		var sums []vec
		for i := 0; i < len(v); i += 2 {
			sums = append(sums, w.op(neon.FADDP, v[i], v[i+1]))
		}
		v = sums
	}
	if rows > 1 {
		w.put(16, dst, v...)
		return
	}
	for lanes := w.count(); lanes > 1; lanes /= 2 {
		w.with(neon.FADDP, v[0], v[0], v[0])
	}
	w.put(w.size(), dst, v[0])
}

// outer multiplies every number of x by every one of y.
func (w *neonWriter) outer() {
	w.define("outer", "(dst, x, y *float, rows, n int)", "is Outer for rows, n > 0.", func() {
		dst, x, y, rows, columns := w.Param("dst"), w.Param("x"), w.Param("y"), w.Param("rows"), w.Param("n")
		p, n := w.Register(), w.Register()
		w.repeat("row", rows, func() {
			s := w.spread(x)
			w.Go("MOVD %v, %v", y, p)
			w.Go("MOVD %v, %v", columns, n)
			each := func(bytes int, v ...vec) {
				for i := range v {
					v[i] = w.op(neon.FMUL, v[i], s)
				}
				w.put(bytes, dst, v...)
			}
			w.rounds("four", n, 4*w.count(), func() { each(16, w.pairs(4, p, true)...) })
			w.Go("ADD $%d, %v", 4*w.count(), n)
			w.rounds("vector", n, w.count(), func() { each(16, w.load(16, 0, p, true)) })
			w.rest("rest", n, func(bytes int) { each(bytes, w.load(bytes, 0, p, true)) })
		})
	})
}
