//go:build amd64 && !purego

package kernel

// Peak does n rounds of nothing but independent fused multiply-adds, which is
// the most that a core can do, and gives the number of floating-point
// operations: each of 24 instructions a round does two on eight floats. It does
// nothing, and gives 0, without AVX2 and in plain Go.
func Peak(n int) float64 {
	if !useAVX2 || n < 1 {
		return 0
	}
	peakFMA(n)
	return 24 * 8 * 2 * float64(n)
}
