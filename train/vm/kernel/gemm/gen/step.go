package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

// unroll is how many steps of k are written out.
const unroll = 4

// product runs over k.
func (t tile) product(f *frame) {
	k, blocks := avx.Register("k"), GP64()
	if t.kind == packs {
		f.mask = avx.Register("mask")
	}
	MOVQ(k, blocks)
	SHRQ(Imm(2), blocks)
	JZ(LabelRef("rest"))
	Label("blocks")
	for range unroll {
		t.step(f)
	}
	DECQ(blocks)
	JNZ(LabelRef("blocks"))
	Label("rest")
	ANDQ(Imm(unroll-1), k)
	JZ(LabelRef("done"))
	Label("one")
	t.step(f)
	DECQ(k)
	JNZ(LabelRef("one"))
	Label("done")
}

// step adds one column of A times one row of B.
func (t tile) step(f *frame) {
	if t.vectors <= 3 {
		t.rowsInTurn(f)
	} else {
		t.vectorsInTurn(f)
	}
	ADDQ(f.cs, f.a[0])
	if t.rows > 3 {
		ADDQ(f.cs, f.a[1])
	}
	ADDQ(f.ldb, f.b[0])
	if t.kind == packs {
		ADDQ(Imm(uint64(32*t.vectors)), f.dst)
	}
}

// rowsInTurn keeps B's row in registers and broadcasts A's elements one by one.
func (t tile) rowsInTurn(f *frame) {
	switch {
	case t.kind == packs:
		PREFETCHT0(Mem{Base: f.b[0], Index: f.ldb, Scale: 8})
	case t.ahead:
		PREFETCHT0(Mem{Base: f.a[0], Disp: 64})
	}
	b := avx.Vectors(t.vectors)
	for v := range b {
		from := Mem{Base: f.b[0], Disp: 32 * v}
		if t.kind != packs {
			t.Load(from, b[v])
			continue
		}
		t.Load(Mem{Base: f.mask, Disp: 32 * v}, b[v])
		t.Mask(from, b[v], b[v])
		t.Load(b[v], Mem{Base: f.dst, Disp: 32 * v})
	}
	for i, sums := range f.sums {
		a := YMM()
		t.Spread(row(f.a, f.rs, i, 0), a)
		for v, s := range sums {
			t.FMA231(b[v], a, s)
		}
	}
}

// vectorsInTurn keeps A's column in registers and reads B's row vector by vector.
func (t tile) vectorsInTurn(f *frame) {
	a := avx.Vectors(t.rows)
	for i := range a {
		t.Spread(row(f.a, f.rs, i, 0), a[i])
	}
	for v := range t.vectors {
		from := Mem{Base: f.b[0], Disp: 32 * v}
		if t.rows == 1 {
			if v%2 == 0 {
				PREFETCHT0(Mem{Base: f.b[0], Index: f.ldb, Scale: 8, Disp: 32 * v})
			}
			t.FMA231(from, a[0], f.sums[0][v])
			continue
		}
		b := YMM()
		t.Load(from, b)
		for i, sums := range f.sums {
			t.FMA231(b, a[i], sums[v])
		}
	}
}
