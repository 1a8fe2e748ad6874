package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// sum adds element i to lane i mod eight vectors' lanes.
func (w *neonWriter) sum() {
	const vectors = 8
	w.define("sum", "(x *float, n int) float", "is Sum.", func() {
		x, n := w.Param("x"), w.Param("n")
		lanes := w.zeros(vectors)
		w.rounds("round", n, vectors*w.count(), func() {
			for i, v := range w.pairs(vectors, x, true) {
				w.with(neon.FADD, lanes[i], lanes[i], v)
			}
		})
		w.Go("ADD $%d, %v", vectors*w.count(), n)
		for i, s := range lanes[:vectors-1] {
			w.Go("SUBS $%d, %v", w.count(), n)
			w.Go("BLT %s", label("tail", i))
			w.with(neon.FADD, s, s, w.load(16, 0, x, true))
		}
		for i := vectors - 1; i >= 0; i-- {
			w.Label(label("tail", i))
			w.with(neon.FADD, lanes[i], lanes[i], w.part(label("part", i), x, n, w.constant("zero")))
			w.Go("B total")
		}
		w.Label("total")
		w.Go("%s F%v, %s", moves[w.size()], w.total(lanes), w.Place("ret"))
	})
}

// columnSums adds rows of so many pairs of vectors, as AVX2's functions do, weighted
// by numbers w or not; columns past the mask's ones are left alone.
func (w *neonWriter) columnSums(pairs int, weighted bool) {
	name, parameters, doc := "columnSums", "dst, x", "sums rows of %d columns"
	if weighted {
		name, parameters, doc = "weightedSums", "dst, x, w", "sums rows of %d columns times w's numbers"
	}
	signature, doc := "("+parameters+" *float, rows, stride int)", fmt.Sprintf(doc, 2*pairs*w.count())
	if pairs == 2 {
		signature, doc = "("+parameters+" *float, rows, stride int, mask *int32)", doc+", by the mask"
	}
	w.define(fmt.Sprintf("%s%dx", name, pairs), signature, doc+"; rows > 0.", func() {
		s := columnSum{dst: w.Param("dst"), x: w.Param("x"), rows: w.Param("rows"), stride: w.bytes("stride"),
			weighted: weighted, row: w.Register(), left: w.Register()}
		if weighted {
			s.weights, s.weight = w.Param("w"), w.Register()
		}
		if pairs > 2 {
			w.columns("row", s, 2*pairs, 16)
			return
		}
		n := w.masked(w.Param("mask"))
		for vectors := 4; vectors > 0; vectors /= 2 {
			w.Go("TBZ $%d, %v, vectors%d_end", w.wholeBit(vectors), n, vectors)
			w.columns(label("vectors", vectors), s, vectors, 16)
			w.Go("ADD $%d, %v", 16*vectors, s.x)
			w.Label(fmt.Sprintf("vectors%d_end", vectors))
		}
		w.rest("rest", n, func(bytes int) {
			w.columns(label("bytes", bytes), s, 1, bytes)
			w.Go("ADD $%d, %v", bytes, s.x)
		})
	})
}

// masked counts the numbers that a mask of 64 bytes selects.
func (w *neonWriter) masked(mask neon.Register) neon.Register {
	m := w.pairs(4, mask, false)
	for _, v := range m[1:] {
		w.Into(neon.S4, neon.ADD, m[0], m[0], v)
	}
	n := w.Register()
	w.Go("VADDV V%v.S4, V%[1]v", m[0])
	w.Go("FMOVS F%v, %v", m[0], n)
	w.Go("NEGW %v, %v", n, n)
	if w.bits == 64 {
		w.Go("LSR $1, %v", n)
	}
	return n
}

// columnSum are the operands of columnSums, and where a pass over the rows stands.
type columnSum struct {
	dst, x, rows, stride, weights neon.Register
	row, left, weight             neon.Register
	weighted                      bool
}

// columns sums so many vectors' columns, or one's of fewer bytes, and moves on in dst.
func (w *neonWriter) columns(name string, s columnSum, vectors, bytes int) {
	w.Go("MOVD %v, %v", s.x, s.row)
	w.Go("MOVD %v, %v", s.rows, s.left)
	if s.weighted {
		w.Go("MOVD %v, %v", s.weights, s.weight)
	}
	sums := w.zeros(vectors)
	w.repeat(name, s.left, func() {
		var weight vec
		if s.weighted {
			weight = w.spread(s.weight)
		}
		for i := 0; i < vectors; i += 2 {
			v := []vec{w.New(), w.New()}
			if vectors == 1 {
				v[0] = w.load(bytes, 0, s.row, false)
			} else {
				w.Go("FLDPQ %d(%v), (F%v, F%v)", 16*i, s.row, v[0], v[1])
			}
			for j := range min(vectors, 2) {
				if s.weighted {
					w.with(neon.FMLA, sums[i+j], weight, v[j])
				} else {
					w.with(neon.FADD, sums[i+j], sums[i+j], v[j])
				}
			}
		}
		w.Go("ADD %v, %v", s.stride, s.row)
	})
	w.put(bytes, s.dst, sums...)
}

// fromBytes scales pixels to [0, 1].
func (w *neonWriter) fromBytes() {
	w.define("fromBytes", "(dst *float, src *uint8, vectors int)", "is dst = src / 255 for 8 vectors bytes; vectors > 0.", func() {
		dst, src, n := w.Param("dst"), w.Param("src"), w.Param("vectors")
		w.repeat("eight", n, func() {
			v := w.load(8, 0, src, true)
			low, high := w.New(), w.New()
			w.Go("VUXTL V%v.B8, V%v.H8", v, v)
			w.Go("VUXTL V%v.H4, V%v.S4", v, low)
			w.Go("VUXTL2 V%v.H8, V%v.S4", v, high)
			for _, half := range []vec{low, high} {
				w.with(neon.UCVTF, half, half)
				w.with(neon.FDIV, half, half, w.constant("c255"))
			}
			w.put(16, dst, low, high)
		})
	})
}

// prefetch asks for cache lines ahead of their use.
func (w *neonWriter) prefetch() {
	w.Func = w.file.Func("prefetch", "(src *uint8, lines int)", "fetches lines of 64 bytes into the caches; lines > 0.")
	src, n := w.Param("src"), w.Param("lines")
	w.repeat("line", n, func() {
		w.Go("PRFM (%v), PLDL1KEEP", src)
		w.Go("ADD $64, %v", src)
	})
	w.Go("RET")
	w.file.Done(w.Func)
}
