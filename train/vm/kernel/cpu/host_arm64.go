//go:build !purego

package cpu

import "golang.org/x/sys/cpu"

// Host gives the features of the processor that runs this.
func Host() Features { return Features{NEON: cpu.ARM64.HasASIMD} }

// Peak is what a core can do at most; it is known for x86 alone.
func Peak(int) float64 { return 0 }
