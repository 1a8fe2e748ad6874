//go:build !amd64 || purego

package kernel

// Peak is what a core can do at most; it is known for the assembly alone.
func Peak(int) float64 { return 0 }
