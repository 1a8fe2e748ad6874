// Command gen writes the vector kernels: assembly for AVX2 and FMA, AVX-512 and NEON,
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
	amd64 := flag.String("amd64", "", "file of those of what amd64 alone has")
	neonFile := flag.String("neon", "", "file of the assembly for arm64")
	neonStubs := flag.String("neonstubs", "", "file of its declarations")
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
	for _, r := range rules() {
		r.write(single)
	}
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
			for _, r := range rules() {
				r.write(w)
			}
		}
		declared = append(declared, w.declared...)
	}
	prefetch()
	Generate()
	names, err := writeNEON(*neonFile, *neonStubs, pkg, all, single, double)
	if err == nil {
		err = writeOther(*other, *amd64, pkg, append(declared, prefetchDeclared), names)
	}
	if err == nil {
		err = writeChoose(*choose, pkg, all)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
