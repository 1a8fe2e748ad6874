package main

import "symgrad/train/vm/kernel/internal/neon"

// maximum is what argmax works with: two registers, and three that hold the
// positions as bytes.
type maximum struct {
	mode      string
	keep, new neon.V
	positions [3]neon.V
}

// begin sets the positions.
func (m maximum) begin(a *neon.Assembly) {
	if m.mode != "Argmax" {
		return
	}
	for i, v := range m.positions {
		a.P("VMOVI $%d, V%d.B16", i+1, v)
	}
}

// argmax leaves the first maximum of four vectors, lane by lane, in the first, and
// its position in position; a NaN is larger than all but an earlier NaN.
func (m maximum) argmax(a *neon.Assembly, of [4]neon.V, position neon.V) {
	best := of[0]
	for p, v := range of[1:] {
		a.Add(neon.FCMGE.S4(m.keep, best, v))
		if m.mode != "Argmax" { // FMAX alone would prefer +0 to an earlier -0
			a.Add(neon.FMAX.S4(m.new, best, v), neon.BIF.S4(best, m.new, m.keep))
			continue
		}
		a.Add(neon.FCMEQ.S4(m.new, best, best), neon.BIC.S4(m.new, m.new, m.keep), neon.BIT.S4(best, v, m.new))
		if p == 0 {
			a.Add(neon.AND.S4(position, m.positions[0], m.new))
		} else {
			a.Add(neon.BIT.S4(position, m.positions[p], m.new))
		}
	}
}

// bytes narrows the lanes of v, then of w, to bytes in v's lower half.
func narrow(a *neon.Assembly, v, w neon.V) {
	a.P("VUZP1 V%d.H8, V%d.H8, V%d.H8", w, v, v)
	a.P("VUZP1 V%d.B16, V%[1]d.B16, V%[1]d.B16", v)
}
