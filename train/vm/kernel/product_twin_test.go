//go:build amd64 && !purego

package kernel

import "testing"

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestProductAndVectorTwins(t *testing.T) {
	if !useAVX2 {
		t.Skip("this CPU runs the twins anyway")
	}
	useAVX2 = false
	defer func() { useAVX2 = true }()
	t.Run("Product", TestProduct)
	t.Run("Elementwise", TestElementwise)
	t.Run("GradientsByOutput", TestGradientsByOutput)
	t.Run("Sums", TestSums)
	t.Run("FromBytes", TestFromBytes)
	t.Run("Optimizers", TestOptimizers)
	t.Run("SoftmaxCrossEntropy", TestSoftmaxCrossEntropy)
}
