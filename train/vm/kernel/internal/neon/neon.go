// Package neon is the words in which the kernels' generators for arm64 are written:
// the instructions on vectors of floating-point numbers, most of which Go's assembler
// lacks, encoded as the Arm Architecture Reference Manual (DDI 0487, C7.2) has them.
// Loads, stores, permutations, integers and branches are in Go's assembler: VLD1,
// FLDPQ, VDUP, VTBL, VZIP1 and so on.
package neon

import (
	"fmt"
	"strings"
)

// V is one of the 32 vector registers of 16 bytes.
type V int

// Lanes is how a register is cut.
type Lanes int

// Four float32 or 32-bit integers, two float64 or 64-bit integers.
const (
	S4 Lanes = iota
	D2
)

// Of is the lanes of numbers of 32 or 64 bits.
func Of(bits int) Lanes { return Lanes(bits/32 - 1) }

func (l Lanes) String() string { return [...]string{"S4", "D2"}[l] }

// Op is an instruction whose operands are registers alone.
type Op struct {
	name string
	word uint32 // with S4, of the registers 0
	wide uint32 // the bits that D2 adds
}

const size = 1 << 22 // the bit that tells float64 from float32, or 64 from 32-bit integers

// Text is the instruction for Go's assembler; the result's register comes first,
// as in Arm's manual, but last in the comment, as in Go's.
func (o Op) Text(l Lanes, d V, sources ...V) string {
	w := o.word | uint32(d)
	if l == D2 {
		w |= o.wide
	}
	for i, s := range sources {
		w |= uint32(s) << (5 + 11*i) // n at bit 5, m at bit 16
	}
	operands := make([]string, 0, 3)
	for i := len(sources) - 1; i >= 0; i-- {
		operands = append(operands, fmt.Sprintf("V%d.%s", sources[i], l))
	}
	return line(w, o.name, append(operands, fmt.Sprintf("V%d.%s", d, l)))
}

// S4 is Text of float32.
func (o Op) S4(d V, sources ...V) string { return o.Text(S4, d, sources...) }

// D2 is Text of float64.
func (o Op) D2(d V, sources ...V) string { return o.Text(D2, d, sources...) }

func line(w uint32, name string, operands []string) string {
	return fmt.Sprintf("WORD $0x%08X // %s %s", w, name, strings.Join(operands, ", "))
}
