package gemm

import (
	"testing"

	"symgrad/train/vm/kernel/cpu"
)

// AVX2 passes the same tests on a CPU that would run AVX-512.
func TestAVX2(t *testing.T) {
	if !has.AVX512 {
		t.Skip("this CPU has no AVX-512")
	}
	with(cpu.Features{AVX2: true}, func() { t.Run("Product", TestProduct) })
}

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestTwins(t *testing.T) {
	if has == (cpu.Features{}) {
		t.Skip("this CPU runs the twins anyway")
	}
	with(cpu.Features{}, func() { t.Run("Product", TestProduct) })
}
