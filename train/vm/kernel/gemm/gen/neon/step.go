package main

import "symgrad/train/vm/kernel/internal/neon"

// acc is the sums' register of row i, part v.
func (t tile) acc(i, v int) neon.V { return neon.V(i*t.quads + v) }

// products adds k products to every sum; of a strip, B's rows are 64 bytes apart.
func (t tile) products(strip bool) {
	t.P("MOVD R%d, R%d", b, nextB)
	t.P("MOVD R%d, R%d", a, nextA)
	if t.columns {
		t.P("MOVD R%d, R%d", k, left)
		t.Times(left, func() {
			t.column()
			t.row(0, strip, true, func(i int) (neon.V, int) { return t.regA(i / t.per()), i % t.per() })
		})
		return
	}
	for i := 1; i < t.rows; i++ {
		t.P("ADD R%d, R%d, R%d", stride, rowsOfA[i-1], rowsOfA[i])
	}
	t.P("LSR $%d, R%d, R%d", t.per()/2, k, left)
	t.Times(left, func() {
		for i := range t.rows {
			t.P("FMOVQ.P 16(R%d), F%d", rowsOfA[i], t.regA(i))
		}
		for lane := range t.per() {
			t.row(64*lane, strip, false, func(i int) (neon.V, int) { return t.regA(i), lane })
		}
		if strip {
			t.P("ADD $%d, R%d", 64*t.per(), nextB)
		}
	})
	t.P("AND $%d, R%d, R%d", t.per()-1, k, left)
	t.Times(left, func() {
		for i := range t.rows {
			t.P("%s.P %d(R%d), F%d", t.one(), t.size(), rowsOfA[i], t.regA(i))
		}
		t.row(0, strip, true, func(i int) (neon.V, int) { return t.regA(i), 0 })
	})
}

// regA is a register for A's numbers.
func (t tile) regA(i int) neon.V { return neon.V(t.rows*t.quads + i) }

// column loads a column of A.
func (t tile) column() {
	whole := t.rows / t.per()
	if rest := t.rows % t.per(); rest > 0 {
		t.part(nextA, 16*whole, rest, t.regA(whole))
	}
	for i := whole - 1; i > 0; i-- {
		t.P("FMOVQ %d(R%d), F%d", 16*i, nextA, t.regA(i))
	}
	if whole > 0 {
		t.P("VLD1.P (R%d)(R%d), [V%d.B16]", nextA, stride, t.regA(0))
	} else {
		t.P("ADD R%d, R%d", stride, nextA)
	}
}

// part loads the first n numbers of a register.
func (t tile) part(base, offset, n int, v neon.V) {
	switch {
	case n == 1:
		t.P("%s %d(R%d), F%d", t.one(), offset, base, v)
	default:
		t.P("FMOVD %d(R%d), F%d", offset, base, v)
	}
	if n == 3 {
		t.P("ADD $%d, R%d, R%d", offset+8, base, place)
		t.P("VLD1 (R%d), V%d.S[2]", place, v)
	}
}

// row adds the products of a row of B, at an offset, and a column of A. Next, it goes
// to the next row.
func (t tile) row(offset int, strip, next bool, ofA func(i int) (neon.V, int)) {
	if !strip {
		offset = 0
	}
	regB := 32 - 2
	if t.columns || t.rows*t.quads+t.rows <= 28 {
		regB -= 2
	}
	for v := (t.quads - 1) &^ 1; v >= 0; v -= 2 { // the first pair comes last, and goes on
		first := neon.V(30)
		if v%4 == 0 {
			first = neon.V(regB)
		}
		post, from := "", offset+16*v
		if v == 0 && strip && next {
			post, from = ".P", 64
		}
		if v+1 < t.quads {
			t.P("FLDPQ%s %d(R%d), (F%d, F%d)", post, from, nextB, first, first+1)
		} else {
			t.P("FMOVQ%s %d(R%d), F%d", post, from, nextB, first)
		}
		for i := range t.rows {
			r, lane := ofA(i)
			for half := range min(2, t.quads-v) {
				t.Add(neon.FMLAByLane.Text(t.lanes(), t.acc(i, v+half), first+neon.V(half), r, lane))
			}
		}
	}
	if !strip {
		t.P("ADD R%d, R%d", ldb, nextB)
	}
}
