package vec

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// sumInOrder is the order that Sum promises.
func sumInOrder(x []float32) float32 {
	lanes := make([]float32, 32)
	for i, v := range x {
		lanes[i%32] += v
	}
	for len(lanes) > 1 {
		half := len(lanes) / 2
		for j := range half {
			lanes[j] += lanes[half+j]
		}
		lanes = lanes[:half]
	}
	return lanes[0]
}

func TestSums(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		m, n := rapid.IntRange(0, 40).Draw(r, "m"), rapid.IntRange(1, 150).Draw(r, "n")
		stride := n + rapid.IntRange(0, 5).Draw(r, "gap")
		var g kerneltest.Guard
		x := kerneltest.Matrix[float32](r, &g, rng, m, n, stride, false)
		if m > 0 {
			kerneltest.SameBits(r, "Sum", []float32{Sum(x[:n])}, []float32{sumInOrder(x[:n])})
		}
		dst, want := g.Floats(r, n), make([]float32, n)
		ColumnSums(dst, x, m, stride)
		for i := range m {
			for j := range n {
				want[j] += x[i*stride+j]
			}
		}
		kerneltest.SameBits(r, "ColumnSums", dst, want)
		g.Release(r)
	})
}

func TestFromBytes(t *testing.T) {
	for n := range 300 {
		var g kerneltest.Guard
		src, dst := g.Bytes(t, n), g.Floats(t, n)
		for i := range src {
			src[i] = byte(i - n)
		}
		FromBytes(dst, src)
		for i, b := range src {
			if dst[i] != float32(b)/255 {
				t.Fatalf("byte %d of %d: %d became %v", i, n, b, dst[i])
			}
		}
		g.Release(t)
	}
}

func TestPrefetchTakesAnySlice(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 784} {
		Prefetch(make([]byte, n)) // has no result: it must only not fault
	}
}
