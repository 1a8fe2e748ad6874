// Command neon writes the convolution kernels for arm64: neon_arm64.s and its
// declarations. A vector of 8 maps is two registers.
package main

import (
	"fmt"
	"os"

	"symgrad/train/vm/kernel/internal/neon"
)

func main() {
	var a neon.Assembly
	modes := []string{"Max", "Argmax"}
	for n := 1; n <= 3; n++ {
		tile(&a, n, "Store")
		for _, mode := range modes {
			tile(&a, n, mode)
			pixels(&a, n, mode)
		}
	}
	for _, mode := range modes {
		taps(&a, mode)
	}
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12} {
		patchRows(&a, 2*n, true)
		patchRows(&a, 2*n, false)
		patchRows(&a, 2*n-1, false)
		spreadRows(&a, n)
	}
	for rows := 2; rows <= 6; rows++ {
		for parts := range 3 {
			patchColumn(&a, rows, parts)
		}
	}
	for n := range 7 {
		outer(&a, n, false)
		outer(&a, n, true)
	}
	gather(&a)
	gatherVectors(&a)
	compress(&a)
	tapSums(&a)
	if err := a.Write("neon_arm64.s", "neon_arm64.go", "conv"); err != nil {
		fmt.Fprintln(os.Stderr, "neon:", err)
		os.Exit(1)
	}
}

// field loads field i of a struct of ints; scaled ones count floats and become bytes.
func field(a *neon.Assembly, base, i int, scaled bool, to int) {
	a.P("MOVD %d(R%d), R%d", 8*i, base, to)
	if scaled {
		a.P("LSL $2, R%d", to)
	}
}

// registers gives n registers from first on.
func registers(first, n int) []neon.V {
	v := make([]neon.V, n)
	for i := range v {
		v[i] = neon.V(first + i)
	}
	return v
}
