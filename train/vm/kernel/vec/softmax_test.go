package vec

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

func naiveSoftmax(x []float32, n int) []float64 {
	p := make([]float64, len(x))
	for at := 0; at < len(x); at += n {
		sum := 0.0
		for j := at; j < at+n; j++ {
			p[j] = math.Exp(float64(x[j]))
			sum += p[j]
		}
		for j := at; j < at+n; j++ {
			p[j] /= sum
		}
	}
	return p
}

func TestSoftmaxCrossEntropy(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		m, n := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(60, 400)).Draw(r, "m"), rapid.IntRange(1, 40).Draw(r, "n")
		var g kerneltest.Guard
		z, y := kerneltest.Matrix[float32](r, &g, rng, m, n, n, false), kerneltest.Matrix[float32](r, &g, rng, m, n, n, false)
		Square(y, y)
		for i := range m {
			if rapid.Bool().Draw(r, "one-hot") {
				clear(y[i*n : (i+1)*n])
				y[i*n+rng.IntN(n)] = 1
			}
		}
		MulScalar(z, z, 5)
		p := naiveSoftmax(z, n)
		dst := g.Floats(r, m*n)
		Softmax(dst, z, n)
		kerneltest.Close(r, "softmax", dst, p, 1)
		twin := make([]float32, m*n)
		withTwins(func() { Softmax(twin, z, n) })
		kerneltest.SameBits(r, "softmax by the twin", twin, dst)
		loss, grad := 0.0, make([]float64, m*n)
		for at := 0; at < m*n; at += n {
			total := 0.0
			for j := at; j < at+n; j++ {
				loss -= float64(y[j]) * math.Log(p[j]) / float64(m)
				total += float64(y[j])
			}
			for j := at; j < at+n; j++ {
				grad[j] = 3 / float64(m) * (p[j]*total - float64(y[j]))
			}
		}
		kerneltest.Close(r, "loss", []float32{CrossEntropy(dst[:CrossEntropyWorkspaceLen(m, n)], z, y, n)}, []float64{loss}, n)
		CrossEntropyGrad(dst, z, y, n, m, 3)
		kerneltest.Close(r, "gradient", dst, grad, n)
		g.Release(r)
	})
}

// Logits far from zero neither overflow nor lose the loss; NaN is not hidden.
func TestCrossEntropyOfExtremes(t *testing.T) {
	exps := make([]float32, 3)
	if got := CrossEntropy(exps, []float32{1e4, -1e4, 0}, []float32{0, 1, 0}, 3); got != 2e4 {
		t.Errorf("loss %v, want 20000", got)
	}
	nan := float32(math.NaN())
	if got := CrossEntropy(exps, []float32{nan, 1, 2}, []float32{0, 1, 0}, 3); got == got {
		t.Errorf("loss %v of a NaN", got)
	}
	if CrossEntropyGrad(exps, []float32{1, 2, nan}, []float32{0, 1, 0}, 3, 1, 1); exps[0] == exps[0] {
		t.Errorf("gradient %v of a NaN", exps)
	}
}
