package main

import (
	"fmt"
	"math/bits"

	"symgrad/train/vm/kernel/internal/neon"
)

// repeat runs body n > 0 times; n is used up.
func (w *neonWriter) repeat(name string, n neon.Register, body func()) {
	w.Loop(name, func() {
		body()
		w.Go("SUBS $1, %v", n)
		w.Go("BNE %s", name)
	})
}

// wholeBit is the bit of a count of numbers that tells whether there is one more
// vector of them, or so many times a vector.
func (w *neonWriter) wholeBit(vectors int) int { return bits.TrailingZeros(uint(vectors * w.count())) }

// part reads the numbers that n's lowest bits count, fewer than a vector's, to their
// lanes, the others being fill's, and goes on behind them.
func (w *neonWriter) part(name string, p, n neon.Register, fill vec) vec {
	v := w.Copy(fill)
	w.lanesOf(name, n, func(bytes, lane int) {
		w.Go("VLD1.P %d(%v), V%v.%s[%d]", bytes, p, v, letter(bytes), lane)
	})
	return v
}

// putPart writes what part has read.
func (w *neonWriter) putPart(name string, p, n neon.Register, v vec) {
	w.lanesOf(name, n, func(bytes, lane int) {
		w.Go("VST1.P V%v.%s[%d], %d(%v)", v, letter(bytes), lane, bytes, p)
	})
}

func letter(bytes int) string { return map[int]string{4: "S", 8: "D"}[bytes] }

// lanesOf runs body for the lanes of a part: for the first eight bytes, then for the
// next four or the first four.
func (w *neonWriter) lanesOf(name string, n neon.Register, body func(bytes, lane int)) {
	if w.bits == 64 {
		w.Go("TBZ $0, %v, %s_end", n, name)
		body(8, 0)
		w.Label(name + "_end")
		return
	}
	w.Go("TBZ $1, %v, %s_one", n, name)
	body(8, 0)
	w.Go("TBZ $0, %v, %s_end", n, name)
	body(4, 2)
	w.Go("B %s_end", name)
	w.Label(name + "_one")
	w.Go("TBZ $0, %v, %s_end", n, name)
	body(4, 0)
	w.Label(name + "_end")
}

// total adds lanes pairwise, j and j + half their number, all of so many vectors.
func (w *neonWriter) total(v []vec) vec {
	for half := len(v) / 2; half > 0; half /= 2 {
		for j := range half {
			w.with(neon.FADD, v[j], v[j], v[j+half])
		}
	}
	if w.bits == 32 {
		high := w.New()
		w.Go("VDUP V%v.D[1], V%v.D2", v[0], high)
		w.with(neon.FADD, v[0], v[0], high)
	}
	return w.op(neon.FADDP, v[0], v[0])
}

// spread reads a number into all lanes and goes on behind it.
func (w *neonWriter) spread(p neon.Register) vec {
	v := w.New()
	w.Go("VLD1R.P %d(%v), [V%v.%v]", w.size(), p, v, w.lanes)
	return v
}

func label(name string, i int) string { return fmt.Sprint(name, i) }
