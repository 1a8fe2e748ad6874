// Command neon writes the products' tiles for arm64: tile_arm64.s and its
// declarations. Up to 24 of NEON's 32 registers hold a tile's sums, 6 rows of 64
// bytes. Tiles are named by rows x registers a row and by the size of a number.
package main

import (
	"fmt"
	"os"
	"strings"

	"symgrad/train/vm/kernel/internal/neon"
)

func main() {
	var a neon.Assembly
	for _, bits := range []int{32, 64} {
		for rows := 1; rows <= 6; rows++ {
			for _, columns := range []bool{false, true} {
				for quads := 1; quads <= 4; quads++ {
					tile{&a, bits, rows, quads, columns}.strip()
				}
				tile{&a, bits, rows, 4 * [...]int{1: 4, 2: 2, 3: 2, 4: 1, 5: 1, 6: 1}[rows], columns}.wide()
			}
		}
	}
	copyStrip(&a)
	packColumns(&a, 32)
	packColumns(&a, 64)
	if err := a.Write("tile_arm64.s", "tile_arm64.go", "gemm"); err != nil {
		fmt.Fprintln(os.Stderr, "neon:", err)
		os.Exit(1)
	}
}

// tile is rows x quads registers of sums. A's columns lie in one piece each, or its
// rows do.
type tile struct {
	*neon.Assembly
	bits, rows, quads int
	columns           bool
}

// The registers: what they are for, and which the rows of A have beside a.
const (
	count, k, a, stride, step, b, c, ldc, bias, tail, flags = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	left, nextB, nextA, nextC, ldb, place                   = 11, 12, 13, 14, 15, 16
)

var rowsOfA = [...]int{nextA, 19, 20, 21, 22, 23}

func (t tile) lanes() neon.Lanes { return neon.Of(t.bits) }
func (t tile) per() int          { return 128 / t.bits }
func (t tile) size() int         { return t.bits / 8 }

// one moves a number to a register or back.
func (t tile) one() string { return map[int]string{32: "FMOVS", 64: "FMOVD"}[t.bits] }

func (t tile) name(kind string) string {
	if t.columns {
		kind += "Columns"
	}
	return fmt.Sprintf("%s%dx%dx%d", kind, t.rows, t.quads, t.bits)
}

func (t tile) begin(name, signature, doc string) {
	t.Func(name, strings.ReplaceAll(signature, "float", fmt.Sprint("float", t.bits)), doc)
}

// bytes makes numbers' distances bytes.
func (t tile) bytes(registers ...int) {
	for _, r := range registers {
		t.P("LSL $%d, R%d", t.size()/4+1, r)
	}
}

// strip is count tiles one under the other, of a strip of B. The last register of a
// row has but tail numbers if that is not zero.
func (t tile) strip() {
	t.begin(t.name("strip"), "(count, k int, a *float, stride, step int, b, c *float, ldc int, bias *float, tail, flags int)",
		fmt.Sprintf("is tileGo for %d rows, and %d columns of a strip of B or less.", t.rows, t.quads*t.per()))
	t.Param(count, "count", "k", "a", "stride", "step", "b", "c", "ldc", "bias", "tail", "flags")
	t.bytes(stride, step, ldc)
	t.Times(count, func() {
		t.sums(true)
		t.products(true)
		t.finish(true)
		t.P("ADD R%d, R%d", step, a)
		for range t.rows {
			t.P("ADD R%d, R%d", ldc, c)
		}
	})
	t.P("RET")
}

// wide is one tile, with B's rows where they are.
func (t tile) wide() {
	t.begin(t.name("wide"), "(k int, a *float, stride int, b *float, ldb int, c *float, ldc int, bias *float, flags int)",
		fmt.Sprintf("is tileGo for %d rows and %d columns.", t.rows, t.quads*t.per()))
	t.Param(k, "k", "a", "stride")
	t.Param(b, "b")
	t.Param(ldb, "ldb")
	t.Param(c, "c", "ldc", "bias")
	t.Param(flags, "flags")
	t.bytes(stride, ldb, ldc)
	t.sums(false)
	t.products(false)
	t.finish(false)
	t.P("RET")
}
