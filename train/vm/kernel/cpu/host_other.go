//go:build !(amd64 || arm64) || purego

package cpu

// Host gives no features: all kernels run in Go.
func Host() Features { return Features{} }

// Peak is what a core can do at most; it is known for x86 alone.
func Peak(int) float64 { return 0 }
