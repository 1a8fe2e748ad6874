//go:build amd64 && !purego

package cpu

import "golang.org/x/sys/cpu"

//go:generate go run ./gen -out peak_amd64.s -stubs peak_amd64.go -pkg cpu

// Host gives the features of the processor that runs this.
func Host() Features {
	x := &cpu.X86
	avx2 := x.HasAVX2 && x.HasFMA
	return Features{AVX2: avx2, AVX512: avx2 && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL}
}

// Peak does n rounds of nothing but independent fused multiply-adds, which is
// the most that a core can do, and gives the number of floating-point
// operations: each of 24 instructions a round does two on eight floats, or on
// sixteen with AVX-512. It does nothing, and gives 0, without AVX2 and in plain Go.
func Peak(n int) float64 {
	host := Host()
	switch {
	case !host.AVX2 || n < 1:
		return 0
	case host.AVX512:
		peakFMA512(n)
		return 24 * 16 * 2 * float64(n)
	}
	peakFMA(n)
	return 24 * 8 * 2 * float64(n)
}
