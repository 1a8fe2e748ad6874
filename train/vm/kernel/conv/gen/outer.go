package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// outer sums products of four maps' gradients with n vectors of the patches.
func outer(n int) {
	define(fmt.Sprintf("outer%d", n), "func(acc, x, dy *float32, mask *int32, t *int)",
		fmt.Sprintf("outer%d is outerGo for %d floats; t points to an outerTile.", n, 8*n))
	mask := Load(Param("mask"), GP64())
	outerSums(32, vectors, n, func(i int, from Mem) Op {
		r := YMM()
		if i == n-1 {
			VMOVUPS(Mem{Base: mask}, r)
			VMASKMOVPS(from, r, r)
		} else {
			VMOVUPS(from, r)
		}
		return r
	})
}

// outerSums is outer but for what loads vector i of a patch; vectors have size
// bytes.
func outerSums(size int, vectors func(n int) []reg.VecVirtual, n int, load func(i int, from Mem) Op) {
	acc, x, dy := Load(Param("acc"), GP64()), Load(Param("x"), GP64()), Load(Param("dy"), GP64())
	t := Load(Param("t"), GP64())
	place := func(p, i int) Mem {
		if p == 0 {
			return Mem{Base: acc, Disp: size * i}
		}
		return at(acc, field(t, 8+p, true), 1, size*i)
	}
	sums := make([][]reg.VecVirtual, 4)
	for p := range sums {
		sums[p] = vectors(n)
		for i, s := range sums[p] {
			VMOVUPS(place(p, i), s)
		}
	}
	var other [3]reg.GPVirtual
	for p := range other {
		other[p] = field(t, 6+p, true)
	}
	xStep, dyStep := field(t, 3, true), field(t, 5, true)
	times("rows", field(t, 0, false), func() {
		xp, dp := GP64(), GP64()
		MOVQ(x, xp)
		MOVQ(dy, dp)
		times("cols", field(t, 1, false), func() {
			values, d := make([]Op, n), vectors(1)[0]
			for i := range values {
				values[i] = load(i, Mem{Base: xp, Disp: size * i})
			}
			for p := range sums {
				from := Mem{Base: dp}
				if p > 0 {
					from.Index, from.Scale = other[p-1], 1
				}
				VBROADCASTSS(from, d)
				for i, s := range sums[p] {
					VFMADD231PS(values[i], d, s)
				}
			}
			ADDQ(xStep, xp)
			ADDQ(dyStep, dp)
		})
		ADDQ(field(t, 2, true), x)
		ADDQ(field(t, 4, true), dy)
	})
	for p := range sums {
		for i, s := range sums[p] {
			VMOVUPS(s, place(p, i))
		}
	}
	VZEROUPPER()
	RET()
}
