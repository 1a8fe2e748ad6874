package main

import (
	"fmt"
	"math/bits"

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

	// leastPacking is the least of tiles that pack: with 28 rows or less B is read
	// in place, and 29 rows are tiles of ten.
	leastPacking = 10
)

// wideFrame is a tile's registers. Strides are in bytes.
type wideFrame struct {
	a              map[int]reg.GPVirtual // addresses of some rows of A
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
		signature = "(count, k int, a *float, rs, cs, step int, b *float, strip int, c *float, ldc int, bias *float, mask, flags int)"
		doc = "is tileGo, one tile under the other, for %d rows of %d columns, of the last 64 bytes those in mask; k, count > 0."
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

// anchors are the rows whose addresses are kept; scales 1, 2, 4 and 8 of the
// stride reach the others.
var anchors = []int{0, 3, 5, 10}

func (t wideTile) rowsOfA(f *wideFrame, a reg.GPVirtual) {
	f.a = map[int]reg.GPVirtual{}
	for _, row := range anchors {
		if row >= t.rows {
			continue
		}
		if row == 3 && t.rows <= 3 {
			continue
		}
		r := GP64()
		switch row {
		case 0:
			MOVQ(a, r)
		case 3:
			LEAQ(Mem{Base: f.rs, Index: f.rs, Scale: 2}, r)
			ADDQ(a, r)
		case 5:
			LEAQ(Mem{Base: f.rs, Index: f.rs, Scale: 4}, r)
			ADDQ(a, r)
		case 10:
			LEAQ(Mem{Base: f.rs, Index: f.rs, Scale: 4}, r)
			LEAQ(Mem{Base: a, Index: r, Scale: 2}, r)
		}
		f.a[row] = r
	}
}

// element is the address of A's element of row i.
func (t wideTile) element(f *wideFrame, i int) Mem {
	for _, row := range anchors {
		base, ok := f.a[row]
		if !ok {
			continue
		}
		switch i - row {
		case 0:
			return Mem{Base: base}
		case 1, 2, 4, 8:
			return Mem{Base: base, Index: f.rs, Scale: uint8(i - row)}
		}
	}
	panic(fmt.Sprint("no address for row ", i, " of ", t.rows))
}

func wideVectors(n int) []avx.Vector {
	v := make([]avx.Vector, n)
	for i := range v {
		v[i] = ZMM()
	}
	return v
}

// eachRow calls body with the address of every row of C and returns that of the
// row after the last.
func (t wideTile) eachRow(c reg.GPVirtual, body func(i int, row reg.GPVirtual)) reg.GPVirtual {
	ldc, row := t.Bytes("ldc"), GP64()
	MOVQ(c, row)
	for i := range t.rows {
		body(i, row)
		ADDQ(ldc, row)
	}
	return row
}

// begin sets the sums to zero or to C.
func (t wideTile) begin(f *wideFrame, c reg.GPVirtual) {
	TESTQ(U32(flagLoad), avx.Register("flags"))
	JNZ(LabelRef("load"))
	for _, sums := range f.sums {
		for _, s := range sums {
			VPXORD(s, s, s)
		}
	}
	t.eachRow(c, func(_ int, row reg.GPVirtual) { PREFETCHT0(Mem{Base: row}) })
	JMP(LabelRef("product"))
	Label("load")
	t.eachRow(c, func(i int, row reg.GPVirtual) {
		for v, s := range f.sums[i] {
			t.load(f, Mem{Base: row, Disp: 64 * v}, v, s)
		}
	})
	Label("product")
}

// load reads vector v, of the last only what the mask has.
func (t wideTile) load(f *wideFrame, m Mem, v int, dst avx.Vector) {
	if v == t.vectors-1 {
		t.LoadSome(m, f.last, dst)
	} else {
		t.Float.Load(m, dst)
	}
}

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

// finish adds the bias, applies the activation, and stores.
func (t wideTile) finish(f *wideFrame, c reg.GPVirtual) reg.GPVirtual {
	bias := avx.Register("bias")
	TESTQ(bias, bias)
	JZ(LabelRef("activate"))
	for v := range t.vectors {
		x := ZMM()
		t.load(f, Mem{Base: bias, Disp: 64 * v}, v, x)
		for _, sums := range f.sums {
			t.Add(x, sums[v], sums[v])
		}
	}
	Label("activate")
	TESTQ(U32(flagReLU), avx.Register("flags"))
	JZ(LabelRef("store"))
	for _, sums := range f.sums {
		for _, s := range sums {
			t.Rectify512(s, t.magnitude, t.minusZero)
		}
	}
	Label("store")
	return t.eachRow(c, func(i int, row reg.GPVirtual) {
		for v, s := range f.sums[i] {
			if v == t.vectors-1 {
				t.Float.Load(s, f.last, Mem{Base: row, Disp: 64 * v})
			} else {
				t.Float.Load(s, Mem{Base: row, Disp: 64 * v})
			}
		}
	})
}
