package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// taps512 is taps with AVX-512, for 16 maps; all nine weights have registers.
func taps512(mode string) {
	define("zTaps"+mode, "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		"zTaps"+mode+" is zTile1"+mode+" for 3x3 filters of one channel and 2x2 windows.")
	y, x, w, bias := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("w"), GP64()), Load(Param("bias"), GP64())
	t := Load(Param("t"), GP64())
	positions := positions512(mode)
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
	weights, first := vectors512(9), ZMM()
	for i, v := range weights {
		VMOVUPS(Mem{Base: w, Disp: 64 * i}, v)
	}
	VMOVUPS(Mem{Base: bias}, first)
	body := func(windows int) {
		acc := make([][4]reg.VecVirtual, windows)
		for i := range acc {
			for p := range acc[i] {
				acc[i][p] = ZMM()
				VMOVAPS(first, acc[i][p])
			}
		}
		for r := range rows {
			for c := range 2 + 2*windows {
				value := ZMM()
				VBROADCASTSS(Mem{Base: rows[r], Disp: 4 * c}, value)
				for i := range acc {
					for p, a := range acc[i] {
						u, v := r-p/2, c-2*i-p%2
						if 0 <= u && u <= 2 && 0 <= v && v <= 2 {
							VFMADD231PS(weights[3*u+v], value, a)
						}
					}
				}
			}
		}
		for i := range acc {
			position := argmax512(acc[i], positions)
			VMOVUPS(acc[i][0], Mem{Base: y})
			ADDQ(yStep, y)
			if mode == "Argmax" {
				VPMOVDB(position, Mem{Base: arg})
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
