// Command gen writes the vector kernels: assembly for AVX2 and FMA, AVX-512 and NEON,
// in float32 and float64, declarations of the same names for other platforms, and the functions
// in Go that choose between assembly and twin.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	. "github.com/mmcloughlin/avo/build"

	"symgrad/train/vm/kernel/internal/avx"
)

func main() {
	other := flag.String("other", "", "file of the declarations for other platforms")
	otherWide := flag.String("otherwide", "", "file of those of AVX-512's")
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
		kernels(w, all)
	}
	for _, r := range rules() {
		r.write(single)
	}
	single.fromBytes()
	declared := append(single.declared, double.declared...)
	var wideDeclared []string
	tail = avx.WideMasks()
	for _, f := range []avx.Float{avx.Single, avx.Double} {
		w := newWriter(f.Wider(), tail)
		for _, o := range all {
			if o.wide {
				w.operation(o)
			}
		}
		w.expShortRows()
		w.softmaxShortRows()
		w.argmaxShortRows()
		if f.Bits == 32 {
			for _, r := range rules() {
				r.write(w)
			}
			w.fromBytes()
		}
		wideDeclared = append(wideDeclared, w.declared...)
	}
	prefetch()
	Generate()
	if err := errors.Join(
		avx.WriteOther(*other, pkg, "!(amd64 || arm64) || purego", "AVX2 or NEON", append(declared, prefetchDeclared)),
		avx.WriteOther(*otherWide, pkg, "!amd64 || purego", "AVX-512", wideDeclared),
		writeNEON(*neonFile, *neonStubs, pkg, all, single, double),
		writeChoose(*choose, pkg, all),
	); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
