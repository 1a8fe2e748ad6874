// Package fused is x y + z of float32 rounded once, as the assembly's fused
// multiply-add does it, in plain Go: the heart of the kernels' twins.
//
// Where the compiler fuses by itself (arm64, riscv64, ppc64, s390x, loong64) that is
// one instruction. Elsewhere (amd64, 386, wasm, arm) it is worked out in float64, at
// a third of the speed; the build tag loose rounds twice there instead, which is
// fast, and gives bits of its own. (With GOAMD64=v3 the compiler fuses only some.)
package fused

// Eights adds to s, for k terms from the first to the last, a[p cs] times the eight
// numbers at b[p ldb]. Where b ends before, zeros follow.
func Eights(s *[8]float32, k int, a []float32, cs int, b []float32, ldb int) {
	whole := k
	if (k-1)*ldb+8 > len(b) {
		if whole = 0; len(b) >= 8 {
			whole = (len(b)-8)/ldb + 1
		}
	}
	eights(s, whole, a, cs, b, ldb)
	for p := whole; p < k; p++ {
		var end [8]float32
		copy(end[:], b[p*ldb:])
		eights(s, 1, a[p*cs:], 1, end[:], 8)
	}
}

// At adds to s, from the first to the last, each value times the eight numbers at
// its place in b, after which zeros follow.
func At(s *[8]float32, value []float32, at []int32, b []float32) {
	for i := range value {
		Eights(s, 1, value[i:], 1, b[at[i]:], 8)
	}
}
