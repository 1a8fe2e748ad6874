package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func sums() {
	sum()
	columnSums(8)
	columnSums(2)
}

// sum adds element i to lane i mod 32, and lanes of like remainders pairwise.
func sum() {
	define("sumAVX2", "(x *float32, n int) float32", "is Sum.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64()).(reg.GPVirtual)
	lanes := zeros(4)
	at := GP64()
	XORQ(at, at)
	rounds("round", n, at, 4, func() {
		for i, s := range lanes {
			VADDPS(Mem{Base: x, Index: at, Scale: 1, Disp: 32 * i}, s, s)
		}
	})
	for i, s := range lanes {
		CMPQ(n, Imm(8))
		JL(LabelRef(fmt.Sprintf("tail%d", i)))
		VADDPS(Mem{Base: x, Index: at, Scale: 1}, s, s)
		ADDQ(Imm(32), at)
		SUBQ(Imm(8), n)
	}
	JMP(LabelRef("total"))
	for i, s := range lanes {
		Label(fmt.Sprintf("tail%d", i))
		mask, last := tailMask(n), YMM()
		VMASKMOVPS(Mem{Base: x, Index: at, Scale: 1}, mask, last)
		VADDPS(last, s, s)
		JMP(LabelRef("total"))
	}
	Label("total")
	VADDPS(lanes[2], lanes[0], lanes[0])
	VADDPS(lanes[3], lanes[1], lanes[1])
	VADDPS(lanes[1], lanes[0], lanes[0])
	low, high := lanes[0].AsX(), XMM()
	VEXTRACTF128(Imm(1), lanes[0], high)
	VADDPS(high, low, low)
	VMOVHLPS(low, low, high)
	VADDPS(high, low, low)
	VMOVSHDUP(low, high)
	VADDSS(high, low, low)
	Store(low, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

func zeros(n int) []vector {
	v := make([]vector, n)
	for i := range v {
		v[i] = YMM()
		VXORPS(v[i], v[i], v[i])
	}
	return v
}

// columnSums adds rows of n vectors; the last ones may be cut by masks.
func columnSums(n int) {
	signature, doc := "(dst, x *float32, rows, stride int)", "sums rows of %d columns."
	if n == 2 {
		signature, doc = "(dst, x *float32, rows, stride int, mask *int32)", "sums rows of at most %d columns, by the mask."
	}
	define(fmt.Sprintf("columnSums%dAVX2", 8*n), signature, fmt.Sprintf(doc, 8*n))
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	rows, stride := Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	SHLQ(Imm(2), stride)
	sums, masks := zeros(n), make([]vector, n)
	if n == 2 {
		mask := Load(Param("mask"), GP64())
		for i := range masks {
			masks[i] = YMM()
			VMOVUPS(Mem{Base: mask, Disp: 32 * i}, masks[i])
		}
	}
	TESTQ(rows, rows)
	JZ(LabelRef("store"))
	Label("row")
	for i, s := range sums {
		v := YMM()
		move(Mem{Base: x, Disp: 32 * i}, v, masks[i])
		VADDPS(v, s, s)
	}
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef("row"))
	Label("store")
	for i, s := range sums {
		move(s, Mem{Base: dst, Disp: 32 * i}, masks[i])
	}
	VZEROUPPER()
	RET()
}

// fromBytes scales pixels to [0, 1].
func fromBytes() {
	define("fromBytesAVX2", "(dst *float32, src *uint8, vectors int)", "is dst = src / 255 for 8 vectors bytes; vectors > 0.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("vectors"), GP64())
	Label("vector")
	v := YMM()
	VPMOVZXBD(Mem{Base: src}, v)
	VCVTDQ2PS(v, v)
	VDIVPS(constants["c255"], v, v)
	VMOVUPS(v, Mem{Base: dst})
	ADDQ(Imm(8), src)
	ADDQ(Imm(32), dst)
	DECQ(n)
	JNZ(LabelRef("vector"))
	VZEROUPPER()
	RET()
}

// prefetch asks for cache lines ahead of their use.
func prefetch() {
	define("prefetchAVX2", "(src *uint8, lines int)", "fetches lines of 64 bytes into the caches; lines > 0.")
	src, n := Load(Param("src"), GP64()), Load(Param("lines"), GP64())
	Label("line")
	PREFETCHT0(Mem{Base: src})
	ADDQ(Imm(64), src)
	DECQ(n)
	JNZ(LabelRef("line"))
	RET()
}
