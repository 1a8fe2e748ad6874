// Package cpu knows which instructions the kernels may use, and how fast they
// can be at most.
package cpu

// Features are the instructions that the assembly kernels need. The environment
// switches them off: GODEBUG=cpu.avx512f=off leaves AVX2, GODEBUG=cpu.avx2=off, and
// on arm64 cpu.asimd=off, the twins in Go.
type Features struct {
	AVX2   bool // with FMA
	AVX512 bool // F, BW, DQ and VL; only with AVX2
	NEON   bool // of arm64
}

// String names the kernels that run with these features.
func (f Features) String() string {
	switch {
	case f.AVX512:
		return "AVX-512"
	case f.AVX2:
		return "AVX2"
	case f.NEON:
		return "NEON"
	}
	return "plain Go"
}
