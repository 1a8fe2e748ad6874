// Command gen writes the assembly of the matrix product for AVX2, FMA and AVX-512, in
// float32 and float64, and empty declarations for other platforms.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"symgrad/train/vm/kernel/internal/avx"
)

func main() {
	other := flag.String("other", "", "file of the declarations for other platforms")
	ConstraintExpr("amd64,!purego")
	var declared []string
	for _, f := range []avx.Float{avx.Single, avx.Double} {
		w := &writer{Float: f, minusZero: f.Constant("minusZero", 1<<(f.Bits-1)), magnitude: f.Constant("magnitude", 1<<(f.Bits-1)-1)}
		for rows := 1; rows <= 6; rows++ {
			w.tile(fmt.Sprintf("tile%dx", rows), tile{rows: rows, vectors: 2, kind: repeats})
			w.tile(fmt.Sprintf("packTile%dx", rows), tile{rows: rows, vectors: 2, kind: packs})
		}
		w.tile("tileAhead", tile{rows: 6, vectors: 2, kind: repeats, ahead: true})
		for _, t := range []tile{{rows: 1, vectors: 8}, {rows: 2, vectors: 4}, {rows: 3, vectors: 4},
			{rows: 4, vectors: 2}, {rows: 5, vectors: 2}, {rows: 6, vectors: 2}} {
			w.tile(fmt.Sprintf("wide%dx", t.rows), t)
		}
		w.packColumns()
		w.wideTiles()
		declared = append(declared, w.declared...)
	}
	Generate()
	if err := avx.WriteOther(*other, "gemm", "!amd64 || purego", "AVX2", declared); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// writer writes the kernels of one type.
type writer struct {
	avx.Float
	minusZero, magnitude Mem
	declared             []string
}

// define begins a function; "float" in its signature becomes the type's name.
func (w *writer) define(name, signature, doc string) {
	name, signature = fmt.Sprint(name, w.Bits), strings.ReplaceAll(signature, "float", w.Name)
	avx.Define(name, signature, doc)
	w.declared = append(w.declared, name+signature)
}

// wideTiles are the tiles of AVX-512, named by rows and vectors.
func (w *writer) wideTiles() {
	for rows := 1; rows <= maxRows; rows++ {
		for vectors := 1; vectors <= 8; vectors *= 2 {
			size := fmt.Sprintf("%dx%dx", rows, vectors)
			if vectors <= 2 {
				w.wideTile("zTile"+size, wideTile{rows: rows, vectors: vectors, kind: repeats})
			}
			if vectors <= 2 && packing(rows) {
				w.wideTile("zPack"+size, wideTile{rows: rows, vectors: vectors, kind: packs})
			}
			if vectors <= 2 || rows*vectors <= 24 {
				w.wideTile("zWide"+size, wideTile{rows: rows, vectors: vectors})
			}
		}
	}
}

// packColumns copies strips of six columns.
func (w *writer) packColumns() {
	w.define("packColumns", "(dst, src *float, stride, k int)", "copies six numbers of each of k rows to consecutive places; k > 0.")
	dst, src, stride, k := avx.Register("dst"), avx.Register("src"), w.Bytes("stride"), avx.Register("k")
	row := 6 * w.Bits / 8
	var four, two Op = XMM(), XMM()
	move := VMOVSD
	if w.Bits == 64 {
		four, move = YMM(), VMOVUPS
	}
	end := row * 2 / 3
	Label("row")
	VMOVUPS(Mem{Base: src}, four)
	move(Mem{Base: src, Disp: end}, two)
	VMOVUPS(four, Mem{Base: dst})
	move(two, Mem{Base: dst, Disp: end})
	ADDQ(stride, src)
	ADDQ(Imm(uint64(row)), dst)
	DECQ(k)
	JNZ(LabelRef("row"))
	avx.Leave()
}
