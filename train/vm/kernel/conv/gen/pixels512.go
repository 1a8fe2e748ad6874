package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pixelMaps512 is how many maps pixels512 takes at once.
const pixelMaps512 = 5

// pixels512 is pixels with AVX-512. Sixteen pixels of the upper row and as many
// of the lower are a vector each, the eight that are left of both rows one.
func pixels512(n int, mode string, evensAndOdds Mem) {
	define(fmt.Sprintf("zPixels%d%s", n, mode), "func(y *float32, arg *uint8, x, w, bias *float32, t *int)",
		fmt.Sprintf("zPixels%d%s is pixelsGo for %d windows of %d maps; t points to a pixelGrid.", n, mode, 4*n, pixelMaps512))
	y, top, t := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("t"), GP64())
	xStep, area := field(t, 2, true), field(t, 0, false)
	IMULQ(field(t, 1, true), area) // bytes between filters
	s := strip512{vectors: n, positions: positions512(mode), evens: ZMM(), odds: ZMM()}
	VMOVDQU32(evensAndOdds, s.evens)
	VMOVDQU32(evensAndOdds.Offset(64), s.odds)
	var arg reg.Register
	if mode == "Argmax" {
		arg = Load(Param("arg"), GP64())
	}
	times("strips", field(t, 4, false), func() {
		s.sum(top, xStep, area, t)
		LEAQ(at(top, xStep, 2, 0), top)
		s.pool(y, arg, field(t, 3, false))
		ADDQ(field(t, 5, true), y)
		if arg != nil {
			ADDQ(Mem{Base: t, Disp: 8 * 5}, arg)
		}
	})
	VZEROUPPER()
	RET()
}

// strip512 is two rows of pixels of all the maps.
type strip512 struct {
	vectors     int // of two rows together: of eight pixels, sixteen or all
	sums        [pixelMaps512][]reg.VecVirtual
	positions   []reg.VecVirtual
	evens, odds reg.VecVirtual // numbers of the even and the odd floats of two vectors
}

// sum convolves.
func (s *strip512) sum(top reg.Register, xStep, area reg.GPVirtual, t reg.Register) {
	bias := Load(Param("bias"), GP64())
	for m := range s.sums {
		s.sums[m] = vectors512(s.vectors)
		for _, v := range s.sums[m] {
			VBROADCASTSS(Mem{Base: bias, Disp: 4 * m}, v)
		}
	}
	x, w := GP64(), Load(Param("w"), GP64())
	MOVQ(top, x)
	times("rows", field(t, 0, false), func() {
		upper, lower := GP64(), GP64()
		MOVQ(x, upper)
		LEAQ(at(x, xStep, 1, 0), lower)
		times("cols", field(t, 1, false), func() {
			values := vectors512(s.vectors)
			if s.vectors > 1 {
				VMOVUPS(Mem{Base: upper}, values[0])
				VMOVUPS(Mem{Base: lower}, values[1])
			}
			if last := s.vectors - 1; last%2 == 0 {
				VMOVUPS(Mem{Base: upper, Disp: 32 * last}, values[last].AsY())
				VINSERTF64X4(Imm(1), Mem{Base: lower, Disp: 32 * last}, values[last], values[last])
			}
			filter, weight := GP64(), ZMM()
			MOVQ(w, filter)
			for m, sums := range s.sums {
				VBROADCASTSS(Mem{Base: filter}, weight)
				for i, v := range sums {
					VFMADD231PS(values[i], weight, v)
				}
				if m < len(s.sums)-1 {
					ADDQ(area, filter)
				}
			}
			for _, p := range []reg.Register{upper, lower, w} {
				ADDQ(Imm(4), p)
			}
		})
		ADDQ(xStep, x)
	})
}

// pool stores the maxima. Two maps at a time fill a vector, the last of five goes
// alone.
func (s *strip512) pool(y, arg reg.Register, yMap reg.GPVirtual) {
	to, position := GP64(), reg.GPVirtual(nil)
	MOVQ(y, to)
	if arg != nil {
		position = GP64()
		MOVQ(arg, position)
	}
	for m := 0; m < pixelMaps512; m += 2 {
		maps := s.sums[m:min(m+2, pixelMaps512)]
		whole, half := pooled512{}, pooled512{windows: 4, at: 4 * (s.vectors - 1)}
		if s.vectors > 1 { // sixteen pixels of each row: eight windows of each map
			whole.windows = 8
			whole.best = [4]reg.VecVirtual{s.pick(s.evens, maps, 0), s.pick(s.odds, maps, 0), s.pick(s.evens, maps, 1), s.pick(s.odds, maps, 1)}
			whole.position = argmax512(whole.best, s.positions)
		}
		if last := s.vectors - 1; last%2 == 0 { // eight of each row: four windows, as upper, lower, upper, lower
			upper, upperOdd := s.pick(s.evens, maps, last), s.pick(s.odds, maps, last)
			lower, lowerOdd := ZMM(), ZMM()
			VSHUFF32X4(Imm(0xB1), upper, upper, lower)
			VSHUFF32X4(Imm(0xB1), upperOdd, upperOdd, lowerOdd)
			half.best = [4]reg.VecVirtual{upper, upperOdd, lower, lowerOdd}
			half.position = argmax512(half.best, s.positions)
		}
		for second := range maps {
			for _, p := range []pooled512{whole, half} {
				if p.best[0] != nil {
					p.store(second == 1, to, position)
				}
			}
			LEAQ(at(to, yMap, 4, 0), to)
			if arg != nil {
				ADDQ(yMap, position)
			}
		}
	}
}

// pick gives the even or the odd pixels of vector i of two maps, or of one twice.
func (s *strip512) pick(numbers reg.VecVirtual, maps [][]reg.VecVirtual, i int) reg.VecVirtual {
	r := ZMM()
	VMOVAPS(maps[0][i], r)
	VPERMT2PS(maps[len(maps)-1][i], numbers, r)
	return r
}

// pooled512 is windows of two maps: the first one's in the lower half of best[0].
type pooled512 struct {
	windows, at int // how many of each map, and the place of the first
	best        [4]reg.VecVirtual
	position    reg.VecVirtual // nil if nobody asks
}

// store writes one of the maps.
func (p pooled512) store(second bool, y, arg reg.Register) {
	best, position := p.best[0], p.position
	if second {
		best = upperHalf512(best)
		if position != nil {
			position = upperHalf512(position)
		}
	}
	bytes := XMM()
	if position != nil {
		VPMOVDB(position, bytes)
	}
	if p.windows == 8 {
		VMOVUPS(best.AsY(), Mem{Base: y, Disp: 4 * p.at})
		if position != nil {
			VMOVQ(bytes, Mem{Base: arg, Disp: p.at})
		}
		return
	}
	VMOVUPS(best.AsX(), Mem{Base: y, Disp: 4 * p.at})
	if position != nil {
		VMOVD(bytes, Mem{Base: arg, Disp: p.at})
	}
}

func upperHalf512(v reg.VecVirtual) reg.VecVirtual {
	r := ZMM()
	VSHUFF32X4(Imm(0x4E), v, v, r)
	return r
}
