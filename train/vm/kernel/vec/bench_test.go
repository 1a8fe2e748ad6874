package vec

import (
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// BenchmarkVector reports elements a nanosecond, of arrays in the first-level
// cache (1024) and beyond the second (200704, the weights of two dense layers).
func BenchmarkVector(b *testing.B) {
	for _, f := range elementwise {
		for name, n := range map[string]int{"1024": 1024, "200704": 200704} {
			b.Run(f.name+"/"+name, func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 2))
				dst, x, y := make([]float32, n), kerneltest.Random[float32](rng, n), kerneltest.Random[float32](rng, n)
				b.ReportAllocs()
				for b.Loop() {
					f.run(dst, x, y, 1.5)
				}
				b.ReportMetric(float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "elements/ns")
			})
		}
	}
}

func BenchmarkOptimizer(b *testing.B) {
	const n = 101770 // the MLP's parameters
	for _, rule := range rules {
		b.Run(rule.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			w, s, q, g := kerneltest.Random[float32](rng, n), make([]float32, n), make([]float32, n), kerneltest.Random[float32](rng, n)
			for b.Loop() {
				rule.run(w, s, q, g)
			}
			b.ReportMetric(float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "elements/ns")
		})
	}
}

func BenchmarkSoftmaxCrossEntropy(b *testing.B) {
	const m, n = 64, 10
	rng := rand.New(rand.NewPCG(1, 2))
	z, y, dz := kerneltest.Random[float32](rng, m*n), make([]float32, m*n), make([]float32, m*n)
	for i := range m {
		y[i*n+i%n] = 1
	}
	for b.Loop() {
		CrossEntropy(dz, z, y, n)
		CrossEntropyGrad(dz, z, y, n, m, 1)
	}
}
