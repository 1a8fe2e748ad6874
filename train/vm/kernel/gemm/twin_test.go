package gemm

import (
	"testing"

	"symgrad/train/vm/kernel/cpu"
)

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestTwins(t *testing.T) {
	if has == (cpu.Features{}) {
		t.Skip("this CPU runs the twins anyway")
	}
	withTwins(func() { t.Run("Product", TestProduct) })
}
