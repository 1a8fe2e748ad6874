// Command gen writes the assembly of the convolution kernels: AVX2 and FMA, and
// AVX-512, whose functions begin with z.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	one, two, three := splat("one", 1), splat("two", 2), splat("three", 3)
	positions := []Mem{one, two, three}
	for n := 1; n <= 3; n++ {
		for _, mode := range []string{"Store", "Max", "Argmax"} {
			tile(n, mode, positions)
		}
	}
	for _, mode := range []string{"Max", "Argmax"} {
		taps(mode, positions)
		for n := 1; n <= 3; n++ {
			pixels(n, mode, positions)
		}
	}
	for n := 1; n <= 3; n++ {
		outer(n)
	}
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12} {
		patchRows(n)
		spreadRows(n)
	}
	for rows := 2; rows <= 6; rows++ {
		patchColumn(rows)
	}
	gather()
	gatherVectors()
	compress()
	tapSums()
	wide()
	Generate()
}

// wide is what AVX-512 has of its own.
func wide() {
	evensAndOdds := GLOBL("evensAndOdds", RODATA|NOPTR)
	for i := range 32 {
		DATA(4*i, U32(2*i%32+i/16))
	}
	for _, mode := range []string{"Store", "Max", "Argmax"} {
		for n := 1; n <= 4; n++ {
			tile512(n, mode)
		}
		if mode == "Store" {
			continue
		}
		taps512(mode)
		for n := 1; n <= 3; n++ {
			pixels512(n, mode, evensAndOdds)
		}
	}
	for _, n := range []int{3, 4, 6} {
		patchRows512(n)
		spreadRows512(n)
	}
	for rows := 2; rows <= 6; rows++ {
		patchColumn512(rows)
	}
	for n := 2; n <= 6; n++ {
		outer512(n)
	}
	gatherVectors512()
	compress512()
}

// splat is a constant vector of eight equal 32-bit integers.
func splat(name string, v uint32) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(v))
	}
	return m
}

// define begins a function without frame and pointers that escape.
func define(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
	Doc(doc)
}

// field loads field i of a struct of ints; scaled ones count floats and become bytes.
func field(base reg.Register, i int, scaled bool) reg.GPVirtual {
	r := GP64()
	MOVQ(Mem{Base: base, Disp: 8 * i}, r)
	if scaled {
		SHLQ(Imm(2), r)
	}
	return r
}

// times repeats body count times, count being a register that is used up; not
// at all if it is zero.
func times(name string, count reg.GPVirtual, body func()) {
	TESTQ(count, count)
	JZ(LabelRef(name + "_end"))
	Label(name)
	body()
	DECQ(count)
	JNZ(LabelRef(name))
	Label(name + "_end")
}

func vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
}

// at is memory at a base, an index register and a displacement.
func at(base, index reg.Register, scale uint8, disp int) Mem {
	return Mem{Base: base, Index: index, Scale: scale, Disp: disp}
}
