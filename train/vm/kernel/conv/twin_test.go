package conv

import (
	"testing"

	"symgrad/train/vm/kernel/cpu"
)

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestTwins(t *testing.T) {
	if has == (cpu.Features{}) {
		t.Skip("this CPU runs the twins anyway")
	}
	defer func(before cpu.Features) { has = before }(has)
	has = cpu.Features{}
	t.Run("Convolution", TestConv)
	t.Run("Pooled", TestConvPool)
	t.Run("Paths", TestConvPoolPaths)
	t.Run("MaximumOfNaN", TestMaximumOfNaN)
}
