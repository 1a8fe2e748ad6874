package conv

import (
	"testing"

	"symgrad/train/vm/kernel/cpu"
)

// everyTest is what every level of features must pass.
func everyTest(t *testing.T) {
	t.Run("Convolution", TestConv)
	t.Run("Pooled", TestConvPool)
	t.Run("Paths", TestConvPoolPaths)
	t.Run("MaximumOfNaN", TestMaximumOfNaN)
}

// with runs with these features.
func with(features cpu.Features, run func()) {
	defer func(before cpu.Features) { has = before }(has)
	has = features
	run()
}

// AVX2 passes the same tests on a CPU that would run AVX-512.
func TestAVX2(t *testing.T) {
	if !has.AVX512 {
		t.Skip("this CPU has no AVX-512")
	}
	with(cpu.Features{AVX2: true}, func() { everyTest(t) })
}

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestTwins(t *testing.T) {
	if has == (cpu.Features{}) {
		t.Skip("this CPU runs the twins anyway")
	}
	with(cpu.Features{}, func() { everyTest(t) })
}
