package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// moves are the instructions that load and store whole vectors, half ones and a
// quarter, by their bytes.
var moves = map[int]string{16: "FMOVQ", 8: "FMOVD", 4: "FMOVS"}

// load reads so many bytes, zeros follow, and goes on behind them if next.
func (w *neonWriter) load(bytes, offset int, p neon.Register, next bool) vec {
	v := w.New()
	if next {
		w.Go("%s.P %d(%v), F%v", moves[bytes], bytes, p, v)
	} else {
		w.Go("%s %d(%v), F%v", moves[bytes], offset, p, v)
	}
	return v
}

// pairs reads so many vectors, an even number, and goes on behind them if next.
func (w *neonWriter) pairs(vectors int, p neon.Register, next bool) []vec {
	v := make([]vec, vectors)
	for i := 0; i < vectors; i += 2 {
		v[i], v[i+1] = w.New(), w.New()
		if next {
			w.Go("FLDPQ.P 32(%v), (F%v, F%v)", p, v[i], v[i+1])
		} else {
			w.Go("FLDPQ %d(%v), (F%v, F%v)", 16*i, p, v[i], v[i+1])
		}
	}
	return v
}

// put writes so many bytes of each vector, and goes on behind them.
func (w *neonWriter) put(bytes int, p neon.Register, v ...vec) {
	for ; len(v) > 1; v = v[2:] {
		w.Go("FSTPQ.P (F%v, F%v), 32(%v)", v[0], v[1], p)
	}
	if len(v) > 0 {
		w.Go("%s.P F%v, %d(%v)", moves[bytes], v[0], bytes, p)
	}
}

// rounds repeats body while n counts so many numbers, and leaves n less than that;
// only its lower bits are right.
func (w *neonWriter) rounds(name string, n neon.Register, numbers int, body func()) {
	w.Go("SUBS $%d, %v", numbers, n)
	w.Go("BLT %s_end", name)
	w.Loop(name, func() {
		body()
		w.Go("SUBS $%d, %v", numbers, n)
		w.Go("BGE %s", name)
	})
	w.Label(name + "_end")
}

// rest runs body for the last numbers, fewer than a vector's, as n's lower bits
// count them: for eight bytes, then for four.
func (w *neonWriter) rest(name string, n neon.Register, body func(bytes int)) {
	for bytes := 8; bytes >= w.size(); bytes /= 2 {
		w.Go("TBZ $%d, %v, %s%d_end", bytes/w.size()/2, n, name, bytes)
		body(bytes)
		w.Label(fmt.Sprintf("%s%d_end", name, bytes))
	}
}

// neon writes an elementwise function of n numbers.
func (l loop) neon(w *neonWriter, name, signature, doc string, body func(in, scalars []vec) []vec) {
	w.define(name, signature, doc, func() {
		pointers, out := map[string]neon.Register{}, map[string]bool{}
		for _, p := range l.out {
			pointers[p], out[p] = w.Param(p), true
		}
		for _, p := range l.in {
			if !out[p] {
				pointers[p] = w.Param(p)
			}
		}
		n := w.Param("n")
		scalars := make([]vec, len(l.scalars))
		for i, s := range l.scalars {
			scalars[i] = w.Scalar(s)
		}
		each := func(vectors, bytes int) {
			in := make([][]vec, len(l.in))
			for i, p := range l.in {
				if vectors > 1 {
					in[i] = w.pairs(vectors, pointers[p], !out[p])
				} else {
					in[i] = []vec{w.load(bytes, 0, pointers[p], !out[p])}
				}
			}
			results, bodies := make([][]vec, len(l.out)), make([]func(), vectors)
			for v := range bodies {
				row := make([]vec, len(in))
				for i := range in {
					row[i] = in[i][v]
				}
				bodies[v] = func() {
					for i, r := range body(row, scalars) {
						results[i] = append(results[i], r)
					}
				}
			}
			w.Together(bodies...)
			for i, p := range l.out {
				w.put(bytes, pointers[p], results[i]...)
			}
		}
		if l.unroll > 1 {
			w.rounds("round", n, l.unroll*w.count(), func() { each(l.unroll, 16) })
			w.Go("ADD $%d, %v", l.unroll*w.count(), n)
		}
		w.rounds("vector", n, w.count(), func() { each(1, 16) })
		w.rest("rest", n, func(bytes int) { each(1, bytes) })
	})
}
