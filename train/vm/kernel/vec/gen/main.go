// Command gen writes the vector kernels: assembly for AVX2 and FMA, and for AVX-512,
// in float32 and float64, declarations of the same names for other platforms, and the functions
// in Go that choose between assembly and twin.
package main

import (
	"flag"
	"fmt"
	"os"

	. "github.com/mmcloughlin/avo/build"

	"symgrad/train/vm/kernel/internal/avx"
)

func main() {
	other := flag.String("other", "", "file of the declarations for other platforms")
	choose := flag.String("choose", "", "file of the elementwise functions")
	pkg := "vec"
	ConstraintExpr("amd64,!purego")
	tail := avx.Masks()
	single, double := newWriter(avx.Single, tail), newWriter(avx.Double, tail)
	single.double = double
	all := operations()
	for _, w := range []*writer{single, double} {
		for _, o := range all {
			w.operation(o)
		}
		w.expRows()
		w.sum()
		for _, weighted := range []bool{false, true} {
			w.columnSums(8, weighted)
			w.columnSums(2, weighted)
		}
		w.matVec()
		w.outer()
		w.transposeStrip()
	}
	single.optimizers()
	single.fromBytes()
	declared := append(single.declared, double.declared...)
	tail = avx.WideMasks()
	for _, f := range []avx.Float{avx.Single, avx.Double} {
		w := newWriter(f.Wider(), tail)
		for _, o := range all {
			if o.wide {
				w.operation(o)
			}
		}
		if f.Bits == 32 {
			w.optimizers()
		}
		declared = append(declared, w.declared...)
	}
	prefetch()
	Generate()
	err := avx.WriteOther(*other, pkg, append(declared, prefetchDeclared))
	if err == nil {
		err = writeChoose(*choose, pkg, all)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
