// Command gemm writes the assembly of the matrix product, AVX2 and FMA.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	minusZero := GLOBL("minusZero", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<31))
	}
	for rows := 1; rows <= 6; rows++ {
		tile{rows: rows, vectors: 2, kind: repeats, minusZero: minusZero}.write(fmt.Sprintf("tile%d", rows))
		tile{rows: rows, vectors: 2, kind: packs, minusZero: minusZero}.write(fmt.Sprintf("packTile%d", rows))
	}
	tile{rows: 6, vectors: 2, kind: repeats, ahead: true, minusZero: minusZero}.write("tile6Ahead")
	for _, w := range []tile{{rows: 1, vectors: 8}, {rows: 2, vectors: 4}, {rows: 3, vectors: 4}} {
		w.minusZero = minusZero
		w.write(fmt.Sprintf("wide%d", w.rows))
	}
	packColumns()
	peak()
	Generate()
}

// define begins a function without frame and pointers that escape.
func define(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
	Doc(doc)
}

func param(name string) reg.GPVirtual {
	return Load(Param(name), GP64()).(reg.GPVirtual)
}

// bytes is a parameter that counts floats, in bytes.
func bytes(name string) reg.GPVirtual {
	r := param(name)
	SHLQ(Imm(2), r)
	return r
}

// packColumns copies strips of six columns.
func packColumns() {
	define("packColumns6", "func(dst, src *float32, stride, k int)",
		"packColumns6 copies six floats of each of k rows to consecutive places; k > 0.")
	dst, src, stride, k := param("dst"), param("src"), bytes("stride"), param("k")
	four, two := XMM(), XMM()
	Label("row")
	VMOVUPS(Mem{Base: src}, four)
	VMOVSD(Mem{Base: src, Disp: 16}, two)
	VMOVUPS(four, Mem{Base: dst})
	VMOVSD(two, Mem{Base: dst, Disp: 16})
	ADDQ(stride, src)
	ADDQ(Imm(24), dst)
	DECQ(k)
	JNZ(LabelRef("row"))
	RET()
}

// peak measures what the processor could do at most.
func peak() {
	define("peakFMA", "func(n int)", "peakFMA does 24 n independent FMAs of eight floats; n > 0.")
	n := param("n")
	x, y := YMM(), YMM()
	VXORPS(x, x, x)
	VXORPS(y, y, y)
	sums := make([]reg.VecVirtual, 12)
	for i := range sums {
		sums[i] = YMM()
		VXORPS(sums[i], sums[i], sums[i])
	}
	Label("loop")
	for range 2 {
		for _, s := range sums {
			VFMADD231PS(x, y, s)
		}
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
