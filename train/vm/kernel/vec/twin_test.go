package vec

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
	t.Run("Elementwise", TestElementwise)
	t.Run("TanhGrad", TestTanhGrad)
	t.Run("SigmoidGrad", TestSigmoidGrad)
	t.Run("Sums", TestSums)
	t.Run("FromBytes", TestFromBytes)
	t.Run("Optimizers", TestOptimizers)
	t.Run("SoftmaxCrossEntropy", TestSoftmaxCrossEntropy)
}
