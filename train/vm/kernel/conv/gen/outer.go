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
	acc, x, dy, mask := Load(Param("acc"), GP64()), Load(Param("x"), GP64()), Load(Param("dy"), GP64()), Load(Param("mask"), GP64())
	t := Load(Param("t"), GP64())
	place := func(p, i int) Mem {
		if p == 0 {
			return Mem{Base: acc, Disp: 32 * i}
		}
		return at(acc, field(t, 8+p, true), 1, 32*i)
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
			values, d := vectors(n), YMM()
			for i, v := range values {
				from := Mem{Base: xp, Disp: 32 * i}
				if i < n-1 {
					VMOVUPS(from, v)
				} else {
					VMOVUPS(Mem{Base: mask}, v)
					VMASKMOVPS(from, v, v)
				}
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
