package kernel

import (
	"math/rand/v2"
	"testing"
)

// productShapes are those of the networks' layers; batch 64 unless named.
var productShapes = []struct {
	name  string
	shape ProductShape
}{
	{"square512", ProductShape{M: 512, N: 512, K: 512}},
	{"mlp1", ProductShape{M: 64, N: 128, K: 784}},
	{"mlp1/dW", ProductShape{M: 784, N: 128, K: 64, TransA: true}},
	{"mlp2", ProductShape{M: 64, N: 10, K: 128}},
	{"mlp2/dW", ProductShape{M: 128, N: 10, K: 64, TransA: true}},
	{"mlp2/dX", ProductShape{M: 64, N: 128, K: 10, TransB: true}},
	{"fc1440", ProductShape{M: 64, N: 128, K: 1440}},
	{"fc1440/dW", ProductShape{M: 1440, N: 128, K: 64, TransA: true}},
	{"fc1440/dX", ProductShape{M: 64, N: 1440, K: 128, TransB: true}},
	{"fc1600", ProductShape{M: 64, N: 128, K: 1600}},
	{"fc1600/dW", ProductShape{M: 1600, N: 128, K: 64, TransA: true}},
	{"fc1600/dX", ProductShape{M: 64, N: 1600, K: 128, TransB: true}},
	{"conv", ProductShape{M: 7744, N: 64, K: 288}},
	{"conv/dW", ProductShape{M: 64, N: 288, K: 7744, TransA: true}},
	{"conv/dX", ProductShape{M: 7744, N: 288, K: 64}},
	{"mlp1/batch1", ProductShape{M: 1, N: 128, K: 784}},
	{"fc1440/batch1", ProductShape{M: 1, N: 128, K: 1440}},
	{"mlp1/batch2", ProductShape{M: 2, N: 128, K: 784}},
	{"mlp1/batch3", ProductShape{M: 3, N: 128, K: 784}},
	{"mlp1/batch4", ProductShape{M: 4, N: 128, K: 784}},
	{"mlp1/batch8", ProductShape{M: 8, N: 128, K: 784}},
	{"mlp1/batch32", ProductShape{M: 32, N: 128, K: 784}},
	{"mlp1/batch1000", ProductShape{M: 1000, N: 128, K: 784}},
	{"wide4096", ProductShape{M: 64, N: 4096, K: 4096}},
}

func BenchmarkProduct(b *testing.B) {
	for _, s := range productShapes {
		b.Run(s.name, func(b *testing.B) {
			p, err := NewProduct(s.shape)
			if err != nil {
				b.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			x, y, z := randomFloats(rng, p.M*p.K), randomFloats(rng, p.K*p.N), make([]float32, p.M*p.N)
			w := new(Workspace)
			for b.Loop() {
				p.Run(w, z, x, y, nil, 0, p.M, 0, p.N)
			}
			b.ReportMetric(2*float64(p.M)*float64(p.N)*float64(p.K)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
