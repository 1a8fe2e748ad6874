package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// sum adds element i to lane i mod four vectors' lanes, and lanes of like
// remainders pairwise.
func (w *writer) sum() {
	w.define("sum", "(x *float, n int) float", "is Sum.")
	x, n := avx.Register("x"), avx.Register("n")
	lanes := w.zeros(4)
	at := GP64()
	XORQ(at, at)
	w.rounds("round", n, at, 4, func() {
		for i, s := range lanes {
			w.Add(Mem{Base: x, Index: at, Scale: 1, Disp: 32 * i}, s, s)
		}
	})
	for i, s := range lanes {
		CMPQ(n, Imm(uint64(w.Lanes)))
		JL(LabelRef(fmt.Sprintf("tail%d", i)))
		w.Add(Mem{Base: x, Index: at, Scale: 1}, s, s)
		ADDQ(Imm(32), at)
		SUBQ(Imm(uint64(w.Lanes)), n)
	}
	JMP(LabelRef("total"))
	for i, s := range lanes {
		Label(fmt.Sprintf("tail%d", i))
		mask, last := w.tailMask(n), YMM()
		w.Mask(Mem{Base: x, Index: at, Scale: 1}, mask, last)
		w.Add(last, s, s)
		JMP(LabelRef("total"))
	}
	Label("total")
	w.Add(lanes[2], lanes[0], lanes[0])
	w.Add(lanes[3], lanes[1], lanes[1])
	w.Add(lanes[1], lanes[0], lanes[0])
	low, high := lanes[0].AsX(), XMM()
	VEXTRACTF128(Imm(1), lanes[0], high)
	w.Add(high, low, low)
	VMOVHLPS(low, low, high)
	if w.Bits == 32 {
		VADDPS(high, low, low)
		VMOVSHDUP(low, high)
		VADDSS(high, low, low)
	} else {
		VADDSD(high, low, low)
	}
	Store(low, ReturnIndex(0))
	avx.Leave()
}

func (w *writer) zeros(n int) []vector {
	v := make([]vector, n)
	for i := range v {
		v[i] = w.Zero()
	}
	return v
}

// columnSums adds rows of n vectors, weighted by numbers w or not; the last ones
// may be cut by masks.
func (w *writer) columnSums(n int, weighted bool) {
	name, parameters, doc := "columnSums", "dst, x", "sums rows of %d columns"
	if weighted {
		name, parameters, doc = "weightedSums", "dst, x, w", "sums rows of %d columns times w's numbers"
	}
	signature := "(" + parameters + " *float, rows, stride int)"
	if n == 2 {
		signature, doc = "("+parameters+" *float, rows, stride int, mask *int32)", doc+", by the mask"
	}
	w.define(fmt.Sprintf("%s%dx", name, n), signature, fmt.Sprintf(doc+".", w.Lanes*n))
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	rows, stride := Load(Param("rows"), GP64()), w.Bytes("stride")
	sums, masks := w.zeros(n), make([]Op, n)
	if n == 2 {
		mask := Load(Param("mask"), GP64())
		for i := range masks {
			masks[i] = YMM()
			VMOVUPS(Mem{Base: mask, Disp: 32 * i}, masks[i])
		}
	}
	var weights reg.Register
	if weighted {
		weights = Load(Param("w"), GP64())
	}
	TESTQ(rows, rows)
	JZ(LabelRef("store"))
	Label("row")
	var weight vector
	if weighted {
		weight = YMM()
		w.Spread(Mem{Base: weights}, weight)
		ADDQ(Imm(uint64(w.Bits/8)), weights)
	}
	for i, s := range sums {
		v := YMM()
		w.Move(Mem{Base: x, Disp: 32 * i}, v, masks[i])
		if weighted {
			w.FMA231(weight, v, s)
		} else {
			w.Add(v, s, s)
		}
	}
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef("row"))
	Label("store")
	for i, s := range sums {
		w.Move(s, Mem{Base: dst, Disp: 32 * i}, masks[i])
	}
	avx.Leave()
}

// fromBytes scales pixels to [0, 1]: b high + b low, high + low being 1/255 to 48 bits,
// is b / 255 rounded once for all 256 bytes, and three times as fast as to divide.
func (w *writer) fromBytes() {
	w.define("fromBytes", "(dst *float, src *uint8, vectors int)", fmt.Sprintf("is dst = src / 255 for %d vectors bytes; vectors > 0.", w.Lanes))
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("vectors"), GP64())
	high, low := w.Copy(w.constant("high255th")), w.Copy(w.constant("low255th"))
	Label("vector")
	b, v := w.New(), w.New()
	VPMOVZXBD(Mem{Base: src}, b)
	VCVTDQ2PS(b, b)
	VMULPS(low, b, v)
	VFMADD231PS(high, b, v)
	VMOVUPS(v, Mem{Base: dst})
	ADDQ(Imm(uint64(w.Lanes)), src)
	ADDQ(Imm(uint64(w.Size())), dst)
	DECQ(n)
	JNZ(LabelRef("vector"))
	avx.Leave()
}

const prefetchDeclared = "prefetch(src *uint8, lines int)"

// prefetch asks for cache lines ahead of their use.
func prefetch() {
	avx.Define("prefetch", "(src *uint8, lines int)", "fetches lines of 64 bytes into the caches; lines > 0.")
	src, n := avx.Register("src"), avx.Register("lines")
	Label("line")
	PREFETCHT0(Mem{Base: src})
	ADDQ(Imm(64), src)
	DECQ(n)
	JNZ(LabelRef("line"))
	RET()
}
