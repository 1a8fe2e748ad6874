package main

import (
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// unroll is how many steps of k are written out: fewer where one has much to do.
func (t wideTile) unroll() int {
	switch n := t.rows * t.vectors; {
	case n < 4:
		return 4
	case n < 10:
		return 2
	}
	return 1
}

// product runs over k.
func (t wideTile) product(f *wideFrame) {
	k := avx.Register("k")
	if t.vectors == 2 && t.rows > 6 {
		t.lines(f, k)
		return
	}
	if n := t.unroll(); n > 1 {
		blocks := GP64()
		MOVQ(k, blocks)
		SHRQ(Imm(uint64(bits.TrailingZeros(uint(n)))), blocks)
		JZ(LabelRef("rest"))
		Label("blocks")
		for range n {
			t.step(f)
		}
		DECQ(blocks)
		JNZ(LabelRef("blocks"))
		Label("rest")
		ANDQ(Imm(uint64(n-1)), k)
		JZ(LabelRef("done"))
	}
	Label("one")
	t.step(f)
	DECQ(k)
	JNZ(LabelRef("one"))
	Label("done")
}

// ahead is how many bytes of a row of A are fetched before they are used: 64 and 256
// gain less, 512 and more nothing (measured on Sapphire Rapids, A in the third-level
// cache).
const ahead = 128

// lines runs over k, 64 bytes of A's rows at a time. A processor's own prefetching
// begins anew with each of a tile's many short rows: where they come from far away,
// the tile asks for them. First vectors of what is written next are fetched before it,
// second ones half way.
func (t wideTile) lines(f *wideFrame, k reg.GPVirtual) {
	// C's second vectors are fetched half way: with the first ones they would leave
	// no place for A's misses.
	rest, n := GP64(), GP64()
	t.claim(f, 0)
	MOVQ(k, rest)
	SHRQ(Imm(1), rest)
	SUBQ(rest, k)
	Label("line")
	MOVQ(U32(t.Lanes*2), n)
	CMPQ(k, n)
	CMOVQLT(k, n)
	SUBQ(n, k)
	TESTQ(U32(flagAhead), avx.Register("flags"))
	JZ(LabelRef("one"))
	for i := range t.rows {
		m := t.element(f, i)
		m.Disp = ahead
		PREFETCHT0(m)
	}
	Label("one")
	t.step(f)
	DECQ(n)
	JNZ(LabelRef("one"))
	TESTQ(k, k)
	JNZ(LabelRef("line"))
	TESTQ(rest, rest)
	JZ(LabelRef("done"))
	t.prefetch(f.c, 1)
	t.claim(f, 1)
	MOVQ(rest, k)
	XORQ(rest, rest)
	JMP(LabelRef("line"))
	Label("done")
}

// step adds one column of A times one row of B.
func (t wideTile) step(f *wideFrame) {
	if t.vectors > 2 {
		t.vectorsInTurn(f)
	} else {
		t.rowsInTurn(f)
	}
	for _, row := range anchors {
		if r, ok := f.a[row]; ok {
			ADDQ(f.cs, r)
		}
	}
	if t.kind == repeats {
		ADDQ(Imm(64), f.b)
	} else {
		ADDQ(f.ldb, f.b)
	}
	if t.kind == packs {
		ADDQ(Imm(64), f.dst)
	}
}

// rowsInTurn keeps B's row in registers and broadcasts A's elements one by one.
func (t wideTile) rowsInTurn(f *wideFrame) {
	b := make([]Op, t.vectors)
	for v := range b {
		from := Mem{Base: f.b, Disp: 64 * v}
		if t.kind == repeats && v == 1 {
			from = Mem{Base: f.b, Index: f.strip, Scale: 1}
		}
		if t.kind != repeats {
			PREFETCHT0(Mem{Base: f.b, Index: f.ldb, Scale: 8, Disp: 64 * v})
		}
		r := ZMM()
		if t.kind == repeats {
			t.Float.Load(from, r)
		} else {
			t.load(f, from, v, r)
		}
		b[v] = r
		if t.kind == packs {
			to := Mem{Base: f.dst}
			if v == 1 {
				to.Index, to.Scale = f.strip, 1
			}
			t.Float.Load(r, to)
		}
	}
	for i, sums := range f.sums {
		if t.vectors == 1 {
			t.FMA231Spread(t.element(f, i), b[0], sums[0])
			continue
		}
		a := ZMM()
		t.Spread(t.element(f, i), a)
		for v, s := range sums {
			t.FMA231(b[v], a, s)
		}
	}
}

// vectorsInTurn keeps A's column in registers and reads B's row vector by vector.
func (t wideTile) vectorsInTurn(f *wideFrame) {
	a := wideVectors(t.rows)
	for i := range a {
		t.Spread(t.element(f, i), a[i])
	}
	for v := range t.vectors {
		from := Mem{Base: f.b, Disp: 64 * v}
		PREFETCHT0(Mem{Base: f.b, Index: f.ldb, Scale: 8, Disp: 64 * v})
		if t.rows == 1 && v < t.vectors-1 {
			t.FMA231(from, a[0], f.sums[0][v])
			continue
		}
		b := ZMM()
		t.load(f, from, v, b)
		for i, sums := range f.sums {
			t.FMA231(b, a[i], sums[v])
		}
	}
}
