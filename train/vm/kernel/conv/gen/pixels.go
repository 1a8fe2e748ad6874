package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pixels convolves and pools, for two maps of one channel, strips of two rows of
// 8n pixels: lanes are pixels, weights are broadcast.
func pixels(n int, mode string, positions []Mem) {
	define(fmt.Sprintf("pixels%d%s", n, mode), "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("pixels%d%s is pixelsGo for %d windows; t points to a pixelGrid.", n, mode, 4*n))
	y, top := Load(Param("y"), GP64()), Load(Param("x"), GP64())
	t := Load(Param("t"), GP64())
	cols, xStep, area := field(t, 1, true), field(t, 2, true), field(t, 0, false)
	IMULQ(cols, area) // bytes between the two filters
	var arg reg.Register
	if mode == "Argmax" {
		arg = Load(Param("arg"), GP64())
	}
	times("strips", field(t, 4, false), func() {
		acc := pixelSums(n, top, cols, area, xStep, t)
		ADDQ(xStep, top)
		ADDQ(xStep, top)
		poolPixels(n, mode, positions, acc, y, arg, field(t, 3, false))
		ADDQ(field(t, 5, true), y)
		if mode == "Argmax" {
			ADDQ(Mem{Base: t, Disp: 8 * 5}, arg)
		}
	})
	VZEROUPPER()
	RET()
}

// pixelSums gives the sums of two maps' two rows of pixels.
func pixelSums(n int, top, cols, area, xStep, t reg.Register) (acc [2][2][]reg.VecVirtual) {
	bias := Load(Param("bias"), GP64())
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
	x, w, above := GP64(), Load(Param("w"), GP64()), GP64()
	MOVQ(top, x)
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
	return acc
}

// poolPixels stores the maxima of two maps' two rows of pixels.
func poolPixels(n int, mode string, positions []Mem, acc [2][2][]reg.VecVirtual, y, arg, yMap reg.Register) {
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
	place := func(base reg.Register, m int, scale uint8, disp int) Mem {
		if m == 0 {
			return Mem{Base: base, Disp: disp}
		}
		return at(base, yMap, scale, disp)
	}
	if n > 1 {
		for m := range acc {
			best, position := pool(rows(m, 0), rows(m, 1))
			VMOVUPS(best, place(y, m, 4, 0))
			if mode == "Argmax" {
				VMOVQ(toBytes(position), place(arg, m, 1, 0))
			}
		}
	}
	if n%2 == 1 { // the last eight pixels of both maps together
		best, position := pool(rows(0, n-1), rows(1, n-1))
		VMOVUPS(best.AsX(), place(y, 0, 4, 16*(n-1)))
		VEXTRACTF128(Imm(1), best, place(y, 1, 4, 16*(n-1)))
		if mode == "Argmax" {
			b := toBytes(position)
			VMOVD(b, place(arg, 0, 1, 4*(n-1)))
			VPEXTRD(Imm(1), b, place(arg, 1, 1, 4*(n-1)))
		}
	}
}
