package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// taps is tile for 3x3 filters of one channel, stride 1, tiles being 2x2
// windows: each pixel is read once for all the products that it is in.
func taps(mode string, positions []Mem) {
	define("taps"+mode, "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		"taps"+mode+" is tile1"+mode+" for 3x3 filters of one channel and 2x2 windows.")
	y, x, w, bias := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("w"), GP64()), Load(Param("bias"), GP64())
	t := Load(Param("t"), GP64())
	var arg reg.Register
	if mode == "Argmax" {
		arg = Load(Param("arg"), GP64())
	}
	count, rowStep, yStep, argStep := field(t, 0, false), field(t, 6, true), field(t, 8, true), field(t, 12, false)
	rows := []reg.Register{x, GP64(), GP64(), GP64()}
	for r := 1; r < 4; r++ {
		MOVQ(rows[r-1], rows[r])
		ADDQ(rowStep, rows[r])
	}
	// Two windows at a time hide the latency of the sums; that leaves registers
	// for five of the nine weights.
	resident := vectors(5)
	for i, v := range resident {
		VMOVUPS(Mem{Base: w, Disp: 32 * i}, v)
	}
	body := func(windows int) {
		acc := make([][4]reg.VecVirtual, windows)
		for i := range acc {
			for p := range acc[i] {
				acc[i][p] = YMM()
				VMOVUPS(Mem{Base: bias}, acc[i][p])
			}
		}
		value := YMM()
		for r := range rows {
			for c := range 2 + 2*windows {
				VBROADCASTSS(Mem{Base: rows[r], Disp: 4 * c}, value)
				for i := range acc {
					for p, a := range acc[i] {
						u, v := r-p/2, c-2*i-p%2
						if u < 0 || u > 2 || v < 0 || v > 2 {
							continue
						}
						if tap := 3*u + v; tap < len(resident) {
							VFMADD231PS(resident[tap], value, a)
						} else {
							VFMADD231PS(Mem{Base: w, Disp: 32 * tap}, value, a)
						}
					}
				}
			}
		}
		for i := range acc {
			position := argmax(acc[i], mode, positions)
			VMOVUPS(acc[i][0], Mem{Base: y})
			ADDQ(yStep, y)
			if mode == "Argmax" {
				VMOVQ(toBytes(position), Mem{Base: arg})
				ADDQ(argStep, arg)
			}
		}
		for _, r := range rows {
			ADDQ(Imm(uint64(8*windows)), r)
		}
	}
	single := GP64()
	MOVQ(count, single)
	ANDQ(Imm(1), single)
	SHRQ(Imm(1), count)
	times("pairs", count, func() { body(2) })
	times("single", single, func() { body(1) })
	VZEROUPPER()
	RET()
}

// tapSums sums eight maps' gradients for 3x3 filters of one channel over an
// image's windows. Of the four candidates for each tap, a lane's argmax picks
// one: a permutation of the 2x2 pixels at the tap.
func tapSums() {
	define("tapSums8", "func(acc, x, dz *float32, arg *uint8, t *int)", "tapSums8 is tapSumsGo; t points to a tapGrid.")
	acc, x, dz, arg := Load(Param("acc"), GP64()), Load(Param("x"), GP64()), Load(Param("dz"), GP64()), Load(Param("arg"), GP64())
	t := Load(Param("t"), GP64())
	rows, xStep, maps := field(t, 0, false), field(t, 2, true), field(t, 3, false)
	sums := vectors(10)
	for i, v := range sums {
		VMOVUPS(Mem{Base: acc, Disp: 32 * i}, v)
	}
	times("rows", rows, func() {
		cols := field(t, 1, false)
		xp := GP64()
		MOVQ(x, xp)
		three := GP64()
		LEAQ(at(xStep, xStep, 2, 0), three)
		times("cols", cols, func() {
			pixels := vectors(4)
			VBROADCASTF128(Mem{Base: xp}, pixels[0])
			VBROADCASTF128(at(xp, xStep, 1, 0), pixels[1])
			VBROADCASTF128(at(xp, xStep, 2, 0), pixels[2])
			VBROADCASTF128(at(xp, three, 1, 0), pixels[3])
			position, patch := YMM(), YMM()
			VPMOVZXBD(Mem{Base: arg}, position)
			for u := range 3 {
				for v := range 3 {
					pair := v | (v+1)<<2
					VSHUFPS(Imm(uint64(pair|pair<<4)), pixels[u+1], pixels[u], patch)
					VPERMILPS(position, patch, patch)
					VFMADD231PS(Mem{Base: dz}, patch, sums[3*u+v])
				}
			}
			VADDPS(Mem{Base: dz}, sums[9], sums[9])
			ADDQ(Imm(8), xp)
			LEAQ(at(dz, maps, 4, 0), dz)
			ADDQ(maps, arg)
		})
		LEAQ(at(x, xStep, 2, 0), x)
	})
	for i, v := range sums {
		VMOVUPS(v, Mem{Base: acc, Disp: 32 * i})
	}
	VZEROUPPER()
	RET()
}
