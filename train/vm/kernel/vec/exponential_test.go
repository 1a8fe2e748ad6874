package vec

import (
	"flag"
	"math"
	"testing"
)

var ulpStep = flag.Uint64("ulpstep", 100_003, "measure exp, log, sigmoid and tanh on every such float32; 1 takes minutes")

// TestExponentialError measures the largest errors, in units in the last place;
// the limits are those over all float32, which the package's documentation
// states.
func TestExponentialError(t *testing.T) {
	step := *ulpStep
	for _, f := range []struct {
		name  string
		run   func(dst, x []float32)
		exact func(float64) float64
		limit float64
	}{
		{"exp", Exp[float32], math.Exp, 1.02},
		{"sigmoid", Sigmoid[float32], func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 1.66},
		{"log", Log[float32], math.Log, 0.51},
		{"tanh", Tanh[float32], math.Tanh, 1.47},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var worst float64
			var at float32
			x, y := make([]float32, 4096), make([]float32, 4096)
			for bits := uint64(0); bits < 1<<32; {
				n := 0
				for ; n < len(x) && bits < 1<<32; n++ {
					x[n] = math.Float32frombits(uint32(bits))
					bits += step
				}
				f.run(y[:n], x[:n])
				for i, v := range y[:n] {
					if d := ulps(v, f.exact(float64(x[i]))); d > worst {
						worst, at = d, x[i]
					}
				}
			}
			t.Logf("at most %.3f ulps, at %v", worst, at)
			if worst > f.limit {
				t.Errorf("an error of %.3f ulps at %v, limit %v", worst, at, f.limit)
			}
		})
	}
}
