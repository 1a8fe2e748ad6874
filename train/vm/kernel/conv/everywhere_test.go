package conv

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"symgrad/train/vm/kernel/internal/fused"
)

// The bits of every layer's results, the same with assembly and twins and on every
// platform: this sum was made with AVX2.
func TestSameBitsEverywhere(t *testing.T) {
	if !fused.Exact {
		t.Skip("built with the tag loose")
	}
	const want = "111bf989648d175ea822101a792e2e84"
	hash, two := sha256.New(), Window{Size: [2]int{2, 2}}
	for i, s := range []Shape{
		{Channels: 1, Height: 28, Width: 28, Maps: 10, Kernel: [2]int{5, 5}},
		{Channels: 1, Height: 28, Width: 28, Maps: 32, Kernel: [2]int{3, 3}},
		{Channels: 16, Height: 9, Width: 9, Maps: 24, Kernel: [2]int{3, 3}},
		{Channels: 3, Height: 11, Width: 8, Maps: 5, Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Pad: [2]int{1, 1}},
	} {
		for _, out := range []Layout{NCHW, NHWC} {
			// Numbers by arithmetic alone: the standard library's functions differ
			// between platforms.
			rng := rand.New(rand.NewPCG(3, uint64(i)))
			numbers := func(n int) []float32 {
				x := make([]float32, n)
				for i := range x {
					x[i] = float32(max(2*rng.Float64()-1, -0.5))
				}
				return x
			}
			all := everything(t, s, two, NHWC, out, numbers)
			for _, name := range slices.Sorted(maps.Keys(all)) {
				_ = binary.Write(hash, binary.LittleEndian, all[name])
			}
		}
	}
	if got := fmt.Sprintf("%x", hash.Sum(nil)[:16]); got != want {
		t.Errorf("sum %s, want %s", got, want)
	}
}
