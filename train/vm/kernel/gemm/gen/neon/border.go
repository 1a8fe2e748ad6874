package main

import "symgrad/train/vm/kernel/internal/neon"

// sums begins with C, or with zeros.
func (t tile) sums(tails bool) {
	zero, done := t.Name(), t.Name()
	t.P("TBZ $0, R%d, %s", flags, zero)
	t.P("MOVD R%d, R%d", c, nextC)
	for i := range t.rows {
		for v := range t.quads {
			t.quad(nextC, v, t.acc(i, v), true, tails)
		}
		t.P("ADD R%d, R%d", ldc, nextC)
	}
	t.P("B %s", done)
	t.Here(zero)
	for v := range t.rows * t.quads {
		t.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", v)
	}
	t.Here(done)
}

// finish adds C and the bias, applies ReLU and stores. A's and B's registers are free by now.
func (t tile) finish(tails bool) {
	fresh, without, linear := t.Name(), t.Name(), t.Name()
	t.P("TBZ $2, R%d, %s", flags, fresh)
	t.P("MOVD R%d, R%d", c, nextC)
	for i := range t.rows {
		for v := range t.quads {
			t.quad(nextC, v, 31, true, tails)
			t.Add(neon.FADD.Text(t.lanes(), t.acc(i, v), 31, t.acc(i, v)))
		}
		t.P("ADD R%d, R%d", ldc, nextC)
	}
	t.Here(fresh)
	t.P("CBZ R%d, %s", bias, without)
	for v := range t.quads {
		t.quad(bias, v, 31, true, tails)
		for i := range t.rows {
			t.Add(neon.FADD.Text(t.lanes(), t.acc(i, v), t.acc(i, v), 31))
		}
	}
	t.Here(without)
	t.P("TBZ $1, R%d, %s", flags, linear)
	const zero, sign, small, large = 28, 29, 30, 31
	t.P("VEOR V%d.B16, V%[1]d.B16, V%[1]d.B16", zero)
	t.P("MOVD $0x%X, R%d", map[int]uint64{32: 1<<31 | 1<<63, 64: 1 << 63}[t.bits], place)
	t.P("VDUP R%d, V%d.D2", place, sign)
	for v := range t.rows * t.quads { // |x|, or where x is not >= 0, 0 x with the sign set
		x, l := neon.V(v), t.lanes()
		t.Add(neon.FMUL.Text(l, small, x, zero), neon.ORR.Text(l, small, small, sign), neon.FCMGE0.Text(l, large, x),
			neon.FABS.Text(l, x, x), neon.BIF.Text(l, x, small, large))
	}
	t.Here(linear)
	t.P("MOVD R%d, R%d", c, nextC)
	for i := range t.rows {
		for v := range t.quads {
			t.quad(nextC, v, t.acc(i, v), false, tails)
		}
		t.P("ADD R%d, R%d", ldc, nextC)
	}
}

// quad loads or stores register v of a row, which is but a tail if it is the last.
func (t tile) quad(base, v int, r neon.V, load, tails bool) {
	move := func(instruction string) {
		if load {
			t.P("%s %d(R%d), F%d", instruction, 16*v, base, r)
		} else {
			t.P("%s F%d, %d(R%d)", instruction, r, 16*v, base)
		}
	}
	if !tails || v < t.quads-1 {
		move("FMOVQ")
		return
	}
	whole, two, done := t.Name(), t.Name(), t.Name()
	t.P("CBZ R%d, %s", tail, whole)
	if t.bits == 32 {
		t.P("TBNZ $1, R%d, %s", tail, two)
	}
	move(t.one())
	t.P("B %s", done)
	if t.bits == 32 {
		t.Here(two)
		move("FMOVD")
		t.P("TBZ $0, R%d, %s", tail, done)
		t.P("ADD $%d, R%d, R%d", 16*v+8, base, place)
		if load {
			t.P("VLD1 (R%d), V%d.S[2]", place, r)
		} else {
			t.P("VST1 V%d.S[2], (R%d)", r, place)
		}
		t.P("B %s", done)
	}
	t.Here(whole)
	move("FMOVQ")
	t.Here(done)
}
