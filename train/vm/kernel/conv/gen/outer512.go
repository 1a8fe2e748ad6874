package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// outer512 is outer with AVX-512, for n vectors of 16 floats.
func outer512(n int) {
	define(fmt.Sprintf("zOuter%d", n), "func(acc, x, dy *float32, mask int, t *int)",
		fmt.Sprintf("zOuter%d is outerGo for %d floats, of the last 16 those in mask; t points to an outerTile.", n, 16*n))
	mask := wordMask("mask")
	outerSums(64, vectors512, n, func(i int, from Mem) Op {
		r := ZMM()
		if i == n-1 {
			VMOVUPS_Z(from, mask, r)
		} else {
			VMOVUPS(from, r)
		}
		return r
	})
}
