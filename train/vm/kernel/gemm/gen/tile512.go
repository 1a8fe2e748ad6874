package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// wideTile is a micro-kernel of AVX-512: rows x (64 bytes of vectors) of C in
// registers, over the whole of a k block. Every element is one chain of FMAs in
// the order of k. Its kind is single if B is read where it is stored.
type wideTile struct {
	*writer
	rows, vectors int
	kind          kind
}

const (
	// maxRows is how many rows of two vectors fit into the 32 registers, with two
	// vectors of B and one broadcast element of A.
	maxRows = 14

	// aliasRows is how many rows a tile has at most where A's rows lie in one set of
	// the cache.
	aliasRows = 8
)

// packing tells whether tiles of so many rows pack B: with 28 rows or less B is
// read in place, and 29 rows or more begin with a tile of ten or more, or of seven
// or eight.
func packing(rows int) bool { return rows >= 10 || rows >= 7 && rows <= aliasRows }

// wideFrame is a tile's registers. Strides are in bytes.
type wideFrame struct {
	a              map[int]reg.GPVirtual // addresses of some rows of A
	c              reg.GPVirtual
	rs, cs, b, ldb reg.GPVirtual
	strip          reg.GPVirtual // from strip to strip of 16 columns
	dst            reg.GPVirtual
	sums           [][]avx.Vector
	last           reg.Register // mask of the last vector
}

// wideTile writes one function.
func (w *writer) wideTile(name string, t wideTile) {
	t.writer = w
	signature, doc := "", ""
	switch t.kind {
	case single:
		signature = "(k int, a *float, rs, cs int, b *float, ldb int, c *float, ldc int, bias *float, mask, flags int)"
		doc = "is tileGo for %d rows and %d columns, of the last 64 bytes those in mask; k > 0."
	case packs:
		signature = "(dst *float, strip, k int, a *float, rs, cs int, b *float, ldb int, c *float, ldc int, bias *float, mask, flags int)"
		doc = "is packTileGo for %d rows of %d columns, of the last 64 bytes those in mask; k > 0."
	case repeats:
		signature = "(count, k int, a *float, rs, cs, step int, b *float, strip int, c *float, ldc, next int, bias *float, mask, flags int)"
		doc = "is tileGo, one tile under the other, for %d rows of %d columns, of the last 64 bytes those in mask; k, count > 0. " +
			"What lies next bytes after C will be written soon."
	}
	w.define(name, signature, fmt.Sprintf(doc, t.rows, 2*w.Lanes*t.vectors))
	f := wideFrame{rs: t.Bytes("rs"), cs: t.Bytes("cs"), last: reg.K1}
	KMOVW(avx.Register("mask").As32(), reg.K1)
	if t.kind != repeats {
		f.ldb = t.Bytes("ldb")
	}
	if t.kind != single && t.vectors > 1 {
		f.strip = t.Bytes("strip")
	}
	a, c := avx.Register("a"), avx.Register("c")
	if t.kind == packs {
		f.dst = avx.Register("dst")
	}
	var count reg.GPVirtual
	if t.kind == repeats {
		count = avx.Register("count")
	}
	Label("tile")
	f.sums = make([][]avx.Vector, t.rows)
	for i := range f.sums {
		f.sums[i] = wideVectors(t.vectors)
	}
	t.begin(&f, c)
	t.rowsOfA(&f, a)
	f.b = avx.Register("b")
	f.c = c
	t.product(&f)
	next := t.finish(&f, c)
	if t.kind == repeats {
		ADDQ(t.Bytes("step"), a)
		MOVQ(next, c)
		DECQ(count)
		JNZ(LabelRef("tile"))
	}
	avx.Leave()
}

func wideVectors(n int) []avx.Vector {
	v := make([]avx.Vector, n)
	for i := range v {
		v[i] = ZMM()
	}
	return v
}
