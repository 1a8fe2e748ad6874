package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tile is a micro-kernel: rows x (8 vectors) elements of C in registers, over
// the whole of a k block.
type tile struct {
	rows, vectors int
	kind          kind
	ahead         bool // op(A)'s rows are adjacent: fetches the cache lines that the tiles below will need
	minusZero     Mem
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
	sums          [][]reg.VecVirtual
	mask          reg.GPVirtual // of the strip that is packed
}

const (
	flagLoad = 1 << iota // C is added to
	flagReLU
)

func (t tile) write(name string) {
	signature, doc := "k int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, bias *float32, flags int", "%s is tileGo for %d rows and %d columns; k > 0."
	switch t.kind {
	case packs:
		signature = "dst *float32, k int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, bias *float32, mask *int32, flags int"
		doc = "%s is packTileGo for %d rows of %d columns, or fewer by the mask; k > 0."
	case repeats:
		signature = "count, k int, a *float32, rs, cs, step int, b *float32, ldb int, c *float32, ldc int, bias *float32, mask *int32, flags int"
		doc = "%s is tiles16Go for %d rows of %d columns, or fewer if there is a mask; k, count > 0."
	}
	define(name, "func("+signature+")", fmt.Sprintf(doc, name, t.rows, 8*t.vectors))
	f := frame{rs: bytes("rs"), cs: bytes("cs"), ldb: bytes("ldb"), ldc: bytes("ldc")}
	f.a[0], f.c[0] = param("a"), param("c")
	var count reg.GPVirtual
	if t.kind == packs {
		f.dst = param("dst")
	}
	if t.kind == repeats {
		count = param("count")
	}
	Label("tile")
	f.sums = make([][]reg.VecVirtual, t.rows)
	for i := range f.sums {
		f.sums[i] = vectors(t.vectors)
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
	f.b[0] = param("b")
	t.product(&f)
	t.finish(&f)
	if t.kind == repeats {
		ADDQ(bytes("step"), a)
		for range t.rows {
			ADDQ(f.ldc, f.c[0])
		}
		DECQ(count)
		JNZ(LabelRef("tile"))
	}
	VZEROUPPER()
	RET()
}

// third is the address three rows on.
func third(base, stride reg.GPVirtual) reg.GPVirtual {
	r := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, r)
	ADDQ(base, r)
	return r
}

func vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = YMM()
	}
	return v
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
	flags := param("flags")
	TESTQ(U32(flagLoad), flags)
	JNZ(LabelRef("load"))
	for i, sums := range f.sums {
		PREFETCHT0(row(f.c, f.ldc, i, 0))
		for _, s := range sums {
			VXORPS(s, s, s)
		}
	}
	JMP(LabelRef("product"))
	Label("load")
	t.eachHalf("begin", func(masks []reg.VecVirtual) {
		for i, sums := range f.sums {
			for v, s := range sums {
				load(row(f.c, f.ldc, i, v), masks, v, s)
			}
		}
	})
	Label("product")
}

// eachHalf writes body twice, for whole and for masked vectors.
func (t tile) eachHalf(name string, body func(masks []reg.VecVirtual)) {
	if t.kind == single {
		body(nil)
		return
	}
	mask := param("mask")
	TESTQ(mask, mask)
	JNZ(LabelRef(name + "_masked"))
	body(nil)
	JMP(LabelRef(name + "_end"))
	Label(name + "_masked")
	body(loadMasks(mask, t.vectors))
	Label(name + "_end")
}

func loadMasks(mask reg.GPVirtual, n int) []reg.VecVirtual {
	masks := vectors(n)
	for v, m := range masks {
		VMOVUPS(Mem{Base: mask, Disp: 32 * v}, m)
	}
	return masks
}

func load(m Mem, masks []reg.VecVirtual, v int, dst reg.VecVirtual) {
	if masks == nil {
		VMOVUPS(m, dst)
	} else {
		VMASKMOVPS(m, masks[v], dst)
	}
}

// finish adds the bias, applies the activation, and stores.
func (t tile) finish(f *frame) {
	t.eachHalf("finish", func(masks []reg.VecVirtual) {
		name := "whole"
		if masks != nil {
			name = "masked"
		}
		bias, flags := param("bias"), param("flags")
		TESTQ(bias, bias)
		JZ(LabelRef(name + "_activate"))
		for v := range t.vectors {
			x := YMM()
			load(Mem{Base: bias, Disp: 32 * v}, masks, v, x)
			for _, sums := range f.sums {
				VADDPS(x, sums[v], sums[v])
			}
		}
		Label(name + "_activate")
		TESTQ(U32(flagReLU), flags)
		JZ(LabelRef(name + "_store"))
		zero := YMM()
		VMOVUPS(t.minusZero, zero)
		for _, sums := range f.sums {
			for _, s := range sums {
				VMAXPS(s, zero, s) // s if it is NaN
			}
		}
		Label(name + "_store")
		for i, sums := range f.sums {
			for v, s := range sums {
				if masks == nil {
					VMOVUPS(s, row(f.c, f.ldc, i, v))
				} else {
					VMASKMOVPS(s, masks[v], row(f.c, f.ldc, i, v))
				}
			}
		}
	})
}
