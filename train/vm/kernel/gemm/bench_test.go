package gemm

import (
	"math/rand/v2"
	"testing"

	"symgrad/train/vm/kernel/internal/kerneltest"
)

// productShapes are those of the networks' layers; batch 64 unless named.
var productShapes = []struct {
	name  string
	shape Shape
}{
	{"square512", Shape{M: 512, N: 512, K: 512}},
	{"mlp1", Shape{M: 64, N: 128, K: 784}},
	{"mlp1/dW", Shape{M: 784, N: 128, K: 64, TransA: true}},
	{"mlp2", Shape{M: 64, N: 10, K: 128}},
	{"mlp2/dW", Shape{M: 128, N: 10, K: 64, TransA: true}},
	{"mlp2/dX", Shape{M: 64, N: 128, K: 10, TransB: true}},
	{"fc1440", Shape{M: 64, N: 128, K: 1440}},
	{"fc1440/dW", Shape{M: 1440, N: 128, K: 64, TransA: true}},
	{"fc1440/dX", Shape{M: 64, N: 1440, K: 128, TransB: true}},
	{"fc1600", Shape{M: 64, N: 128, K: 1600}},
	{"fc1600/dW", Shape{M: 1600, N: 128, K: 64, TransA: true}},
	{"fc1600/dX", Shape{M: 64, N: 1600, K: 128, TransB: true}},
	{"conv", Shape{M: 7744, N: 64, K: 288}},
	{"conv/dW", Shape{M: 64, N: 288, K: 7744, TransA: true}},
	{"conv/dX", Shape{M: 7744, N: 288, K: 64}},
	{"mlp1/batch1", Shape{M: 1, N: 128, K: 784}},
	{"fc1440/batch1", Shape{M: 1, N: 128, K: 1440}},
	{"mlp1/batch2", Shape{M: 2, N: 128, K: 784}},
	{"mlp1/batch3", Shape{M: 3, N: 128, K: 784}},
	{"mlp1/batch4", Shape{M: 4, N: 128, K: 784}},
	{"mlp1/batch8", Shape{M: 8, N: 128, K: 784}},
	{"mlp1/batch32", Shape{M: 32, N: 128, K: 784}},
	{"mlp1/batch1000", Shape{M: 1000, N: 128, K: 784}},
	{"wide4096", Shape{M: 64, N: 4096, K: 4096}},
	{"dense1024", Shape{M: 64, N: 128, K: 1024}}, // A's rows are 4 KiB apart
}

func BenchmarkProduct32(b *testing.B) { benchmark[float32](b) }
func BenchmarkProduct64(b *testing.B) { benchmark[float64](b) }

func benchmark[F Float](b *testing.B) {
	for _, s := range productShapes {
		b.Run(s.name, func(b *testing.B) {
			p, err := New[F](s.shape)
			if err != nil {
				b.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			x, y, z := kerneltest.Random[F](rng, p.M*p.K), kerneltest.Random[F](rng, p.K*p.N), make([]F, p.M*p.N)
			work := make([]F, p.WorkspaceLen())
			for b.Loop() {
				p.Run(work, z, x, y, nil, 0, p.M, 0, p.N)
			}
			b.ReportMetric(2*float64(p.M)*float64(p.N)*float64(p.K)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
