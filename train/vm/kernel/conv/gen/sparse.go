package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// patchRows adds listed values times their patches' rows, n vectors at a time,
// to an accumulator's rows.
func patchRows(n int) {
	define(fmt.Sprintf("patchRows%d", n), "func(acc, x *float32, at *int32, value *float32, count int, mask *int32, rows, accStep, xStep int)",
		fmt.Sprintf("patchRows%d is patchRowsGo for %d floats; count > 0.", n, 8*n))
	acc, x, list, value := Load(Param("acc"), GP64()), Load(Param("x"), GP64()), Load(Param("at"), GP64()), Load(Param("value"), GP64())
	count, maskAt, rows := Load(Param("count"), GP64()), Load(Param("mask"), GP64()), Load(Param("rows"), GP64())
	accStep, xStep := Load(Param("accStep"), GP64()), Load(Param("xStep"), GP64())
	mask := YMM()
	VMOVUPS(Mem{Base: maskAt}, mask)
	// The list is run through with an index from -count to 0.
	LEAQ(at(list, count, 4, 0), list)
	LEAQ(at(value, count, 4, 0), value)
	NEGQ(count)
	Label("rows")
	sums := vectors(n)
	for i, s := range sums {
		VMOVUPS(Mem{Base: acc, Disp: 32 * i}, s)
	}
	i := GP64()
	MOVQ(count, i)
	Label("list")
	from, d, last := GP64(), YMM(), YMM()
	MOVLQSX(at(list, i, 4, 0), from)
	VBROADCASTSS(at(value, i, 4, 0), d)
	VMASKMOVPS(at(x, from, 4, 32*(n-1)), mask, last)
	for j := range n - 1 {
		VFMADD231PS(at(x, from, 4, 32*j), d, sums[j])
	}
	VFMADD231PS(last, d, sums[n-1])
	INCQ(i)
	JNZ(LabelRef("list"))
	for i, s := range sums {
		VMOVUPS(s, Mem{Base: acc, Disp: 32 * i})
	}
	LEAQ(at(acc, accStep, 4, 0), acc)
	LEAQ(at(x, xStep, 4, 0), x)
	DECQ(rows)
	JNZ(LabelRef("rows"))
	VZEROUPPER()
	RET()
}

// patchColumn is patchRows1 for several rows at once, and with two sums for
// each while registers last: one row of one vector would wait for its own sum.
func patchColumn(rows int) {
	define(fmt.Sprintf("patchColumn%d", rows), "func(acc, x *float32, at *int32, value *float32, count int, mask *int32, xStep int)",
		fmt.Sprintf("patchColumn%d is patchRowsGo for %d rows of one vector, 8 floats apart in acc; count > 0.", rows, rows))
	mask, row := YMM(), YMM()
	VMOVUPS(Mem{Base: Load(Param("mask"), GP64())}, mask)
	patchColumnSums(rows, func(x Mem, d, sum reg.VecVirtual) {
		VMASKMOVPS(x, mask, row)
		VFMADD231PS(row, d, sum)
	})
}

// patchColumnSums is patchColumn but for what adds d times the floats at x.
func patchColumnSums(rows int, multiplyAdd func(x Mem, d, sum reg.VecVirtual)) {
	acc, list, value := Load(Param("acc"), GP64()), Load(Param("at"), GP64()), Load(Param("value"), GP64())
	count, xStep := Load(Param("count"), GP64()), Load(Param("xStep"), GP64())
	x := []reg.Register{Load(Param("x"), GP64())}
	sums, more := vectors(rows), vectors(rows)
	for i, s := range sums {
		VMOVUPS(Mem{Base: acc, Disp: 32 * i}, s)
		VXORPS(more[i], more[i], more[i])
		if i > 0 {
			x = append(x, GP64())
			LEAQ(at(x[i-1], xStep, 4, 0), x[i])
		}
	}
	add := func(to []reg.VecVirtual) {
		from, d := GP64(), YMM()
		MOVLQSX(Mem{Base: list}, from)
		VBROADCASTSS(Mem{Base: value}, d)
		ADDQ(Imm(4), list)
		ADDQ(Imm(4), value)
		for j, s := range to {
			multiplyAdd(at(x[j], from, 4, 0), d, s)
		}
	}
	pairs, single := GP64(), GP64()
	MOVQ(count, pairs)
	MOVQ(count, single)
	SHRQ(Imm(1), pairs)
	ANDQ(Imm(1), single)
	times("pairs", pairs, func() {
		add(sums)
		add(more)
	})
	times("single", single, func() { add(sums) })
	for i, s := range sums {
		VADDPS(more[i], s, s)
		VMOVUPS(s, Mem{Base: acc, Disp: 32 * i})
	}
	VZEROUPPER()
	RET()
}

// spreadRows adds at each span's place the listed values times filter rows.
func spreadRows(n int) {
	define(fmt.Sprintf("spreadRows%d", n), "func(dx, w *float32, at *int32, value *float32, spans *int32, count int)",
		fmt.Sprintf("spreadRows%d is spreadRowsGo for %d floats.", n, 8*n))
	spread(32, vectors(n))
}

// spread is spreadRows with sums of so many bytes each.
func spread(size int, sums []reg.VecVirtual) {
	dx, w, list, value := Load(Param("dx"), GP64()), Load(Param("w"), GP64()), Load(Param("at"), GP64()), Load(Param("value"), GP64())
	span, count := Load(Param("spans"), GP64()), Load(Param("count"), GP64())
	d := YMM()
	if size == 64 {
		d = ZMM()
	}
	times("spans", count.(reg.GPVirtual), func() {
		left := GP64()
		MOVLQSX(Mem{Base: span, Disp: 8}, left)
		TESTQ(left, left)
		JZ(LabelRef("next"))
		to, first, last := GP64(), GP64(), GP64()
		MOVLQSX(Mem{Base: span}, to)
		LEAQ(at(dx, to, 4, 0), to)
		MOVLQSX(Mem{Base: span, Disp: 4}, first)
		for i, s := range sums {
			VMOVUPS(Mem{Base: to, Disp: size * i}, s)
		}
		MOVQ(first, last)
		ADDQ(left, last)
		Label("list")
		from := GP64()
		MOVLQSX(at(list, first, 4, 0), from)
		VBROADCASTSS(at(value, first, 4, 0), d)
		for i, s := range sums {
			VFMADD231PS(at(w, from, 4, size*i), d, s)
		}
		INCQ(first)
		CMPQ(first, last)
		JLT(LabelRef("list"))
		for i, s := range sums {
			VMOVUPS(s, Mem{Base: to, Disp: size * i})
		}
		Label("next")
		ADDQ(Imm(12), span)
	})
	VZEROUPPER()
	RET()
}
