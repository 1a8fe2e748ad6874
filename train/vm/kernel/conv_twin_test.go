//go:build amd64 && !purego

package kernel

import "testing"

// The Go twins pass the same tests on a CPU that would run the assembly.
func TestConvTwins(t *testing.T) {
	if !useAVX2 {
		t.Skip("this CPU runs the twins anyway")
	}
	useAVX2 = false
	defer func() { useAVX2 = true }()
	t.Run("Conv", TestConv)
	t.Run("ConvPool", TestConvPool)
	t.Run("ConvPoolPaths", TestConvPoolPaths)
	t.Run("MaximumOfNaN", TestMaximumOfNaN)
}
