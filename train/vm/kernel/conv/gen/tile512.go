package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tile512 is tile with AVX-512: n vectors are of 16 maps. One or two take two
// tiles at once, for eight sums are needed to hide their latency.
func tile512(n int, mode string) {
	define(fmt.Sprintf("zTile%d%s", n, mode), "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("zTile%d%s convolves a row of tiles of %d maps; t points to a tileRow.", n, mode, 16*n))
	y, x := Load(Param("y"), GP64()), Load(Param("x"), GP64())
	t := Load(Param("t"), GP64())
	positions := positions512(mode)
	var pixel [3]reg.GPVirtual
	for p := range pixel {
		pixel[p] = field(t, 2+p, true)
	}
	tiles := func(together int) {
		sums := tileSums512(n, together, x, pixel, t)
		for _, s := range sums {
			for i := range n {
				storeTile512(i, mode, positions, [4]reg.VecVirtual{s[0][i], s[1][i], s[2][i], s[3][i]}, y, t)
			}
			ADDQ(field(t, 1, true), x)
			ADDQ(field(t, 8, true), y)
			if mode == "Argmax" { // no register is left: the parameter itself moves on
				arg, err := Param("arg").Resolve()
				if err != nil {
					panic(err)
				}
				ADDQ(field(t, 12, false), arg.Addr)
			}
		}
	}
	count := field(t, 0, false)
	if n <= 2 {
		single := GP64()
		MOVQ(count, single)
		ANDQ(Imm(1), single)
		SHRQ(Imm(1), count)
		times("pairs", count, func() { tiles(2) })
		times("single", single, func() { tiles(1) })
	} else {
		times("tiles", count, func() { tiles(1) })
	}
	VZEROUPPER()
	RET()
}

// tileSums512 gives the sums of so many neighbouring tiles' pixels.
func tileSums512(n, together int, x reg.Register, pixel [3]reg.GPVirtual, t reg.Register) [][4][]reg.VecVirtual {
	bias := Load(Param("bias"), GP64())
	sums := make([][4][]reg.VecVirtual, together)
	for q := range sums {
		for p := range sums[q] {
			sums[q][p] = vectors512(n)
			for i, s := range sums[q][p] {
				VMOVUPS(Mem{Base: bias, Disp: 64 * i}, s)
			}
		}
	}
	weight, value := vectors512(n), ZMM()
	w, rowStart := Load(Param("w"), GP64()), GP64()
	MOVQ(x, rowStart)
	times(fmt.Sprintf("rows%d", together), field(t, 5, false), func() {
		corners := []reg.GPVirtual{GP64()}
		MOVQ(rowStart, corners[0])
		if together > 1 {
			corners = append(corners, field(t, 1, true))
			ADDQ(rowStart, corners[1])
		}
		times(fmt.Sprintf("floats%d", together), field(t, 7, false), func() {
			for i := range n {
				VMOVUPS(Mem{Base: w, Disp: 64 * i}, weight[i])
			}
			for q, corner := range corners {
				for p, s := range sums[q] {
					from := Mem{Base: corner}
					if p > 0 {
						from = at(corner, pixel[p-1], 1, 0)
					}
					if n == 1 {
						VFMADD231PS_BCST(from, weight[0], s[0])
						continue
					}
					VBROADCASTSS(from, value)
					for i := range n {
						VFMADD231PS(weight[i], value, s[i])
					}
				}
			}
			for _, corner := range corners {
				ADDQ(Imm(4), corner)
			}
			ADDQ(U32(64*n), w)
		})
		ADDQ(field(t, 6, true), rowStart)
	})
	return sums
}

// storeTile512 stores vector i of a tile's four pixels, or their maximum.
func storeTile512(i int, mode string, positions []reg.VecVirtual, pixels [4]reg.VecVirtual, y, t reg.Register) {
	if mode == "Store" {
		for p, v := range pixels {
			to := Mem{Base: y, Disp: 64 * i}
			if p > 0 {
				to = at(y, field(t, 8+p, true), 1, 64*i)
			}
			VMOVUPS(v, to)
		}
		return
	}
	position := argmax512(pixels, positions)
	VMOVUPS(pixels[0], Mem{Base: y, Disp: 64 * i})
	if mode == "Argmax" {
		VPMOVDB(position, Mem{Base: Load(Param("arg"), GP64()), Disp: 16 * i})
	}
}

func vectors512(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = ZMM()
	}
	return v
}

// positions512 are vectors of 1, of 2 and of 3, if the mode needs them.
func positions512(mode string) []reg.VecVirtual {
	if mode != "Argmax" {
		return nil
	}
	return []reg.VecVirtual{integer512(1), integer512(2), integer512(3)}
}

// integer512 is a vector of equal 32-bit integers.
func integer512(n uint32) reg.VecVirtual {
	number, v := GP32(), ZMM()
	MOVL(U32(n), number)
	VPBROADCASTD(number, v)
	return v
}

// argmax512 is argmax; without positions it is max512 and gives none.
func argmax512(a [4]reg.VecVirtual, positions []reg.VecVirtual) (position reg.VecVirtual) {
	if positions == nil {
		max512(a)
		return nil
	}
	ordered, larger := K(), K()
	for p := 1; p < 4; p++ {
		VCMPPS(Imm(7), a[0], a[0], ordered)
		VCMPPS(Imm(0x16), a[0], a[p], ordered, larger) // not less or equal, or unordered
		VMOVAPS(a[p], larger, a[0])
		if p == 1 {
			position = ZMM()
			VMOVDQA32_Z(positions[0], larger, position)
		} else {
			VMOVDQA32(positions[p-1], larger, position)
		}
	}
	return position
}

// max512 leaves the maximum of four vectors in the first, of equal ones (both
// zeros) the first, and NaN where there is any.
func max512(a [4]reg.VecVirtual) {
	unordered := [2]reg.OpmaskVirtual{K(), K()}
	VCMPPS(Imm(3), a[1], a[0], unordered[0])
	VCMPPS(Imm(3), a[3], a[2], unordered[1])
	KORW(unordered[0], unordered[1], unordered[0])
	VMAXPS(a[0], a[1], a[0]) // the first operand if they are equal
	VMAXPS(a[2], a[3], a[2])
	VMAXPS(a[0], a[2], a[0])
	VPTERNLOGD(Imm(0xFF), a[0], a[0], unordered[0], a[0]) // all ones are a NaN
}
