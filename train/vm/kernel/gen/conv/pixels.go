package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pixels convolves and pools, for two maps of one channel, two rows of 8n
// pixels: lanes are pixels, weights are broadcast.
func pixels(n int, mode string, positions []Mem) {
	define(fmt.Sprintf("pixels%d%s", n, mode), "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("pixels%d%s is pixelsGo for %d windows; t points to a pixelRow.", n, mode, 4*n))
	y, x, w, bias := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("w"), GP64()), Load(Param("bias"), GP64())
	t := Load(Param("t"), GP64())
	cols, xStep, yMap := field(t, 1, true), field(t, 2, true), field(t, 3, false)
	area := field(t, 0, false)
	IMULQ(cols, area) // bytes between the two filters

	var acc [2][2][]reg.VecVirtual // map, row
	for m := range acc {
		for r := range acc[m] {
			acc[m][r] = vectors(n)
			for _, a := range acc[m][r] {
				VBROADCASTSS(Mem{Base: bias, Disp: 4 * m}, a)
			}
		}
	}
	// One image row meets a filter row for the upper pixels and the filter row
	// before it for the lower ones.
	above := GP64() // w less one filter row
	MOVQ(w, above)
	SUBQ(cols, above)
	imageRow := func(name string, upper, lower bool) {
		xp, left := GP64(), field(t, 1, false)
		MOVQ(x, xp)
		times(name, left, func() {
			values, weight := vectors(n), YMM()
			for i, v := range values {
				VMOVUPS(Mem{Base: xp, Disp: 32 * i}, v)
			}
			for m := range acc {
				for r, wanted := range []bool{upper, lower} {
					if !wanted {
						continue
					}
					from := Mem{Base: w}
					if r == 1 {
						from = Mem{Base: above}
					}
					if m == 1 {
						from.Index, from.Scale = area, 1
					}
					VBROADCASTSS(from, weight)
					for i, a := range acc[m][r] {
						VFMADD231PS(values[i], weight, a)
					}
				}
			}
			ADDQ(Imm(4), xp)
			ADDQ(Imm(4), w)
			ADDQ(Imm(4), above)
		})
		ADDQ(xStep, x)
	}
	imageRow("first", true, false)
	between := field(t, 0, false)
	DECQ(between)
	times("rows", between, func() { imageRow("both", true, true) })
	imageRow("last", false, true)

	var arg reg.Register
	if mode == "Argmax" {
		arg = Load(Param("arg"), GP64())
	}
	pool := func(first, second [2]reg.VecVirtual) (best, position reg.VecVirtual) {
		var a [4]reg.VecVirtual
		for r := range first {
			a[2*r], a[2*r+1] = YMM(), YMM()
			VSHUFPS(Imm(0x88), second[r], first[r], a[2*r])
			VSHUFPS(Imm(0xDD), second[r], first[r], a[2*r+1])
		}
		position = argmax(a, mode, positions)
		VPERMPD(Imm(0xD8), a[0], a[0])
		if mode == "Argmax" {
			VPERMQ(Imm(0xD8), position, position)
		}
		return a[0], position
	}
	rows := func(m, i int) [2]reg.VecVirtual { return [2]reg.VecVirtual{acc[m][0][i], acc[m][1][i]} }
	yTo := func(m, disp int) Mem {
		if m == 0 {
			return Mem{Base: y, Disp: disp}
		}
		return at(y, yMap, 4, disp)
	}
	argTo := func(m, disp int) Mem {
		if m == 0 {
			return Mem{Base: arg, Disp: disp}
		}
		return at(arg, yMap, 1, disp)
	}
	if n > 1 {
		for m := range acc {
			best, position := pool(rows(m, 0), rows(m, 1))
			VMOVUPS(best, yTo(m, 0))
			if mode == "Argmax" {
				VMOVQ(toBytes(position), argTo(m, 0))
			}
		}
	}
	if n%2 == 1 { // the last eight pixels of both maps together
		best, position := pool(rows(0, n-1), rows(1, n-1))
		VMOVUPS(best.AsX(), yTo(0, 16*(n-1)))
		VEXTRACTF128(Imm(1), best, yTo(1, 16*(n-1)))
		if mode == "Argmax" {
			b := toBytes(position)
			VMOVD(b, argTo(0, 4*(n-1)))
			VPEXTRD(Imm(1), b, argTo(1, 4*(n-1)))
		}
	}
	VZEROUPPER()
	RET()
}
