package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// patchRows512 is patchRows with AVX-512 for n vectors of 16 floats; three rows at
// once, for eight sums are needed to hide their latency.
func patchRows512(n int) {
	define(fmt.Sprintf("zPatchRows%d", n), "func(acc, x *float32, at *int32, value *float32, count, mask, rows, accStep, xStep int)",
		fmt.Sprintf("zPatchRows%d is patchRowsGo for %d floats, of the last 16 those in mask; count > 0.", n, 16*n))
	acc, x, list, value := Load(Param("acc"), GP64()), Load(Param("x"), GP64()), Load(Param("at"), GP64()), Load(Param("value"), GP64())
	count, rows := Load(Param("count"), GP64()), Load(Param("rows"), GP64())
	accStep, xStep := Load(Param("accStep"), GP64()), Load(Param("xStep"), GP64())
	mask := wordMask("mask")
	SHLQ(Imm(2), accStep)
	SHLQ(Imm(2), xStep)
	// The list is run through with an index from -count to 0.
	LEAQ(at(list, count, 4, 0), list)
	LEAQ(at(value, count, 4, 0), value)
	NEGQ(count)
	together := func(many int) {
		sums, xs, to := make([][]reg.VecVirtual, many), []reg.Register{x}, GP64()
		MOVQ(acc, to)
		for r := range sums {
			sums[r] = vectors512(n)
			for i, s := range sums[r] {
				VMOVUPS(Mem{Base: to, Disp: 64 * i}, s)
			}
			ADDQ(accStep, to)
			if r > 0 {
				next := GP64()
				MOVQ(xs[r-1], next)
				ADDQ(xStep, next)
				xs = append(xs, next)
			}
		}
		i, label := GP64(), fmt.Sprintf("list%d", many)
		MOVQ(count, i)
		Label(label)
		from, d := GP64(), ZMM()
		MOVLQSX(at(list, i, 4, 0), from)
		VBROADCASTSS(at(value, i, 4, 0), d)
		for r := range sums {
			for j := range n - 1 {
				VFMADD231PS(at(xs[r], from, 4, 64*j), d, sums[r][j])
			}
			VFMADD231PS(at(xs[r], from, 4, 64*(n-1)), d, mask, sums[r][n-1])
		}
		INCQ(i)
		JNZ(LabelRef(label))
		for r := range sums {
			for i, s := range sums[r] {
				VMOVUPS(s, Mem{Base: acc, Disp: 64 * i})
			}
			ADDQ(accStep, acc)
			ADDQ(xStep, x)
		}
		SUBQ(Imm(uint64(many)), rows)
	}
	Label("threes")
	CMPQ(rows, Imm(3))
	JLT(LabelRef("ones"))
	together(3)
	JMP(LabelRef("threes"))
	Label("ones")
	TESTQ(rows, rows)
	JZ(LabelRef("done"))
	together(1)
	JMP(LabelRef("ones"))
	Label("done")
	VZEROUPPER()
	RET()
}

// wordMask gives a parameter as a mask of sixteen lanes.
func wordMask(name string) reg.OpmaskVirtual {
	k := K()
	KMOVW(Load(Param(name), GP64()).(reg.GPVirtual).As32(), k)
	return k
}

// patchColumn512 is patchColumn with a mask of AVX-512.
func patchColumn512(rows int) {
	define(fmt.Sprintf("zPatchColumn%d", rows), "func(acc, x *float32, at *int32, value *float32, count, mask, xStep int)",
		fmt.Sprintf("zPatchColumn%d is patchRowsGo for %d rows of one vector, 8 floats apart in acc; count > 0.", rows, rows))
	mask := wordMask("mask")
	patchColumnSums(rows, func(x Mem, d, sum reg.VecVirtual) { VFMADD231PS(x, d, mask, sum) })
}

// spreadRows512 is spreadRows with AVX-512, for n vectors of 16 floats.
func spreadRows512(n int) {
	define(fmt.Sprintf("zSpreadRows%d", n), "func(dx, w *float32, at *int32, value *float32, spans *int32, count int)",
		fmt.Sprintf("zSpreadRows%d is spreadRowsGo for %d floats.", n, 16*n))
	spread(64, vectors512(n))
}
