package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tile convolves a row of tiles, four pixels by n vectors of maps.
func tile(n int, mode string, positions []Mem) {
	define(fmt.Sprintf("tile%d%s", n, mode), "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("tile%d%s convolves a row of tiles of %d maps; t points to a tileRow.", n, mode, 8*n))
	y, x, w := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("w"), GP64())
	t := Load(Param("t"), GP64())
	var arg reg.Register
	if mode == "Argmax" {
		arg = Load(Param("arg"), GP64())
	}
	count := field(t, 0, false)
	var pixel [3]reg.GPVirtual
	for p := range pixel {
		pixel[p] = field(t, 2+p, true)
	}

	times("tiles", count, func() {
		bias := Load(Param("bias"), GP64())
		acc := make([][]reg.VecVirtual, 4)
		for p := range acc {
			acc[p] = vectors(n)
			for i, a := range acc[p] {
				VMOVUPS(Mem{Base: bias, Disp: 32 * i}, a)
			}
		}
		weight, value := vectors(n), YMM()
		wp, rowStart, rows := GP64(), GP64(), field(t, 5, false)
		MOVQ(w, wp)
		MOVQ(x, rowStart)
		step := func(xp reg.Register, j int) {
			for i := range n {
				VMOVUPS(Mem{Base: wp, Disp: 32 * (n*j + i)}, weight[i])
			}
			for p := range acc {
				if p == 0 {
					VBROADCASTSS(Mem{Base: xp, Disp: 4 * j}, value)
				} else {
					VBROADCASTSS(at(xp, pixel[p-1], 1, 4*j), value)
				}
				for i, a := range acc[p] {
					VFMADD231PS(weight[i], value, a)
				}
			}
		}
		times("rows", rows, func() {
			xp, fours := GP64(), field(t, 7, false)
			MOVQ(rowStart, xp)
			SHRQ(Imm(2), fours)
			times("fours", fours, func() {
				for j := range 4 {
					step(xp, j)
				}
				ADDQ(Imm(16), xp)
				ADDQ(U32(4*32*n), wp)
			})
			ones := field(t, 7, false)
			ANDQ(Imm(3), ones)
			times("ones", ones, func() {
				step(xp, 0)
				ADDQ(Imm(4), xp)
				ADDQ(U32(32*n), wp)
			})
			ADDQ(field(t, 6, true), rowStart)
		})
		for i := range n {
			if mode == "Store" {
				for p := range acc {
					to := Mem{Base: y, Disp: 32 * i}
					if p > 0 {
						to = at(y, field(t, 8+p, true), 1, 32*i)
					}
					VMOVUPS(acc[p][i], to)
				}
				continue
			}
			// The weights' registers are free by now.
			position := argmax([4]reg.VecVirtual{acc[0][i], acc[1][i], acc[2][i], acc[3][i]}, mode, positions)
			VMOVUPS(acc[0][i], Mem{Base: y, Disp: 32 * i})
			if mode == "Argmax" {
				VMOVQ(toBytes(position), Mem{Base: arg, Disp: 8 * i})
			}
		}
		ADDQ(field(t, 1, true), x)
		ADDQ(field(t, 8, true), y)
		if mode == "Argmax" {
			ADDQ(Mem{Base: t, Disp: 8 * 12}, arg)
		}
	})
	VZEROUPPER()
	RET()
}

// argmax leaves the first maximum of four vectors, lane by lane, in the first,
// and returns its position; a NaN is larger than all but an earlier NaN.
func argmax(a [4]reg.VecVirtual, mode string, positions []Mem) reg.VecVirtual {
	position, larger, ordered := YMM(), YMM(), YMM()
	for p := 1; p < 4; p++ {
		VCMPPS(Imm(0x16), a[0], a[p], larger) // not less or equal, or unordered
		VCMPPS(Imm(7), a[0], a[0], ordered)
		VANDPS(ordered, larger, larger)
		VBLENDVPS(larger, a[p], a[0], a[0])
		switch {
		case mode != "Argmax":
		case p == 1:
			VANDPS(positions[0], larger, position)
		default:
			VBLENDVPS(larger, positions[p-1], position, position)
		}
	}
	return position
}

// toBytes narrows eight 32-bit integers to bytes.
func toBytes(v reg.VecVirtual) reg.VecVirtual {
	high := XMM()
	VEXTRACTI128(Imm(1), v, high)
	VPACKSSDW(high, v.AsX(), high)
	VPACKUSWB(high, high, high)
	return high
}
