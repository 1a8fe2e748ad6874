//go:build amd64 && !purego

package cpu

import "golang.org/x/sys/cpu"

//go:generate go run ./gen -out peak_amd64.s -stubs peak_amd64.go -pkg cpu

// Host gives the features of the processor that runs this.
func Host() Features {
	return Features{AVX2: cpu.X86.HasAVX2 && cpu.X86.HasFMA}
}

// Peak does n rounds of nothing but independent fused multiply-adds, which is
// the most that a core can do, and gives the number of floating-point
// operations: each of 24 instructions a round does two on eight floats. It does
// nothing, and gives 0, without AVX2 and in plain Go.
func Peak(n int) float64 {
	if !Host().AVX2 || n < 1 {
		return 0
	}
	peakFMA(n)
	return 24 * 8 * 2 * float64(n)
}
