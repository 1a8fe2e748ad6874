//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// useAVX2 says whether this CPU runs the assembly kernels; the alternative is
// the pure Go twin of each.
var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA
