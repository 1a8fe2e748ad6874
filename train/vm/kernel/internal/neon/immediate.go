package neon

import "fmt"

// ByLane is an instruction whose last operand is one lane of a register.
type ByLane struct {
	name string
	word uint32
}

// d op= n m[lane], rounded once; or d = n m[lane].
var (
	FMLAByLane = ByLane{"FMLA", 0x4F801000}
	FMLSByLane = ByLane{"FMLS", 0x4F805000}
	FMULByLane = ByLane{"FMUL", 0x4F809000}
)

// Text is the instruction for Go's assembler.
func (b ByLane) Text(l Lanes, d, n, m V, lane int) string {
	w := b.word | uint32(lane&1)<<21 | uint32(lane>>1)<<11
	if l == D2 {
		w = b.word | size | uint32(lane)<<11
	}
	return line(w|uint32(m)<<16|uint32(n)<<5|uint32(d), b.name,
		[]string{fmt.Sprintf("V%d.%c[%d]", m, l.String()[0], lane), fmt.Sprintf("V%d.%s", n, l), fmt.Sprintf("V%d.%s", d, l)})
}

// S4 is Text of float32.
func (b ByLane) S4(d, n, m V, lane int) string { return b.Text(S4, d, n, m, lane) }

// D2 is Text of float64.
func (b ByLane) D2(d, n, m V, lane int) string { return b.Text(D2, d, n, m, lane) }

// Shift is a shift of integers by a constant number of bits, from 1 on.
type Shift struct {
	name string
	word uint32
	left bool
}

// d = n << by, d = n >> by.
var (
	SHL  = Shift{"SHL", 0x4F005400, true}
	SSHR = Shift{"SSHR", 0x4F000400, false} // the sign bit follows
	USHR = Shift{"USHR", 0x6F000400, false} // zeros follow
)

// Text is the instruction for Go's assembler.
func (s Shift) Text(l Lanes, d, n V, by int) string {
	bits := 32 << l
	code := 2*bits - by
	if s.left {
		code = bits + by
	}
	return line(s.word|uint32(code)<<16|uint32(n)<<5|uint32(d), s.name,
		[]string{fmt.Sprint("$", by), fmt.Sprintf("V%d.%s", n, l), fmt.Sprintf("V%d.%s", d, l)})
}

// S4 is Text of 32-bit integers.
func (s Shift) S4(d, n V, by int) string { return s.Text(S4, d, n, by) }

// D2 is Text of 64-bit integers.
func (s Shift) D2(d, n V, by int) string { return s.Text(D2, d, n, by) }
