package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"symgrad/train/vm/kernel/internal/avx"
)

// tile is a micro-kernel: rows x (8 vectors) elements of C in registers, over
// the whole of a k block.
type tile struct {
	*writer
	rows, vectors int
	kind          kind
	ahead         bool // op(A)'s rows are adjacent: fetches the cache lines that the tiles below will need
}

type kind int

const (
	single  kind = iota // one tile of whole vectors
	repeats             // tiles one under the other, the last columns perhaps missing
	packs               // one tile, copying the strip of B meanwhile
)

// frame is a tile's registers. Strides are in bytes.
type frame struct {
	a, b, c       [2]reg.GPVirtual // of rows 0 and 3
	rs, cs        reg.GPVirtual
	ldb, ldc, dst reg.GPVirtual
	sums          [][]avx.Vector
	mask          reg.GPVirtual // of the strip that is packed
}

const (
	flagLoad = 1 << iota // C is added to
	flagReLU
	flagOnto  // the sums are added to C
	flagAhead // A's rows come from far away
)

func (w *writer) tile(name string, t tile) {
	t.writer = w
	signature, doc := "(k int, a *float, rs, cs int, b *float, ldb int, c *float, ldc int, bias *float, flags int)", "is tileGo for %d rows and %d columns; k > 0."
	switch t.kind {
	case packs:
		signature = "(dst *float, k int, a *float, rs, cs int, b *float, ldb int, c *float, ldc int, bias *float, mask *int32, flags int)"
		doc = "is packTileGo for %d rows of %d columns, or fewer by the mask; k > 0."
	case repeats:
		signature = "(count, k int, a *float, rs, cs, step int, b *float, ldb int, c *float, ldc int, bias *float, mask *int32, flags int)"
		doc = "is tileGo, one tile under the other, for %d rows of %d columns, or fewer if there is a mask; k, count > 0."
	}
	w.define(name, signature, fmt.Sprintf(doc, t.rows, w.Lanes*t.vectors))
	f := frame{rs: t.Bytes("rs"), cs: t.Bytes("cs"), ldb: t.Bytes("ldb"), ldc: t.Bytes("ldc")}
	f.a[0], f.c[0] = avx.Register("a"), avx.Register("c")
	var count reg.GPVirtual
	if t.kind == packs {
		f.dst = avx.Register("dst")
	}
	if t.kind == repeats {
		count = avx.Register("count")
	}
	Label("tile")
	f.sums = make([][]avx.Vector, t.rows)
	for i := range f.sums {
		f.sums[i] = avx.Vectors(t.vectors)
	}
	if t.rows > 3 {
		f.c[1] = third(f.c[0], f.ldc)
	}
	t.begin(&f)
	a := f.a[0]
	f.a[0] = GP64()
	MOVQ(a, f.a[0])
	if t.rows > 3 {
		f.a[1] = third(a, f.rs)
	}
	f.b[0] = avx.Register("b")
	t.product(&f)
	t.finish(&f)
	if t.kind == repeats {
		ADDQ(t.Bytes("step"), a)
		for range t.rows {
			ADDQ(f.ldc, f.c[0])
		}
		DECQ(count)
		JNZ(LabelRef("tile"))
	}
	avx.Leave()
}

// third is the address three rows on.
func third(base, stride reg.GPVirtual) reg.GPVirtual {
	r := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, r)
	ADDQ(base, r)
	return r
}

// row is the address of row i, vector v.
func row(base [2]reg.GPVirtual, stride reg.GPVirtual, i, v int) Mem {
	m := Mem{Base: base[i/3], Disp: 32 * v}
	if i%3 > 0 {
		m.Index, m.Scale = stride, uint8(i%3)
	}
	return m
}

// begin sets the sums to zero or to C.
func (t tile) begin(f *frame) {
	flags := avx.Register("flags")
	TESTQ(U32(flagLoad), flags)
	JNZ(LabelRef("load"))
	for i, sums := range f.sums {
		PREFETCHT0(row(f.c, f.ldc, i, 0))
		for _, s := range sums {
			t.Xor(s, s, s)
		}
	}
	JMP(LabelRef("product"))
	Label("load")
	t.eachHalf("begin", func(masks []avx.Vector) {
		for i, sums := range f.sums {
			for v, s := range sums {
				t.load(row(f.c, f.ldc, i, v), masks, v, s)
			}
		}
	})
	Label("product")
}

// eachHalf writes body twice, for whole and for masked vectors.
func (t tile) eachHalf(name string, body func(masks []avx.Vector)) {
	if t.kind == single {
		body(nil)
		return
	}
	mask := avx.Register("mask")
	TESTQ(mask, mask)
	JNZ(LabelRef(name + "_masked"))
	body(nil)
	JMP(LabelRef(name + "_end"))
	Label(name + "_masked")
	body(t.loadMasks(mask, t.vectors))
	Label(name + "_end")
}

func (t tile) loadMasks(mask reg.GPVirtual, n int) []avx.Vector {
	masks := avx.Vectors(n)
	for v, m := range masks {
		t.Load(Mem{Base: mask, Disp: 32 * v}, m)
	}
	return masks
}

func (t tile) load(m Mem, masks []avx.Vector, v int, dst avx.Vector) {
	if masks == nil {
		t.Load(m, dst)
	} else {
		t.Mask(m, masks[v], dst)
	}
}

// finish adds C and the bias, applies the activation, and stores.
func (t tile) finish(f *frame) {
	t.eachHalf("finish", func(masks []avx.Vector) {
		name := "whole"
		if masks != nil {
			name = "masked"
		}
		bias, flags := avx.Register("bias"), avx.Register("flags")
		TESTQ(U32(flagOnto), flags)
		JZ(LabelRef(name + "_bias"))
		for i, sums := range f.sums {
			for v, s := range sums {
				x := YMM()
				t.load(row(f.c, f.ldc, i, v), masks, v, x)
				t.Add(s, x, s)
			}
		}
		Label(name + "_bias")
		TESTQ(bias, bias)
		JZ(LabelRef(name + "_activate"))
		for v := range t.vectors {
			x := YMM()
			t.load(Mem{Base: bias, Disp: 32 * v}, masks, v, x)
			for _, sums := range f.sums {
				t.Add(x, sums[v], sums[v])
			}
		}
		Label(name + "_activate")
		TESTQ(U32(flagReLU), flags)
		JZ(LabelRef(name + "_store"))
		for _, sums := range f.sums {
			for _, s := range sums {
				t.Load(t.Rectify(s, t.magnitude, t.minusZero), s)
			}
		}
		Label(name + "_store")
		for i, sums := range f.sums {
			for v, s := range sums {
				if masks == nil {
					t.Load(s, row(f.c, f.ldc, i, v))
				} else {
					t.Mask(s, masks[v], row(f.c, f.ldc, i, v))
				}
			}
		}
	})
}
