package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

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
