//go:build amd64 && !purego

package kernel

import "testing"

// BenchmarkPeak is what the processor could do at most.
func BenchmarkPeak(b *testing.B) {
	if !useAVX2 {
		b.Skip("no AVX2")
	}
	for b.Loop() {
		peakFMA(1 << 14)
	}
	b.ReportMetric(384*(1<<14)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
