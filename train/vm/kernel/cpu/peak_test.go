package cpu

import "testing"

func TestPeakCountsOperations(t *testing.T) {
	one, want := Peak(1), 0.0
	switch host := Host(); {
	case host.AVX512:
		want = 768
	case host.AVX2:
		want = 384
	}
	if one != want || Peak(10) != 10*one || Peak(0) != 0 {
		t.Errorf("one round counts %g, ten %g, none %g", one, Peak(10), Peak(0))
	}
}

// BenchmarkPeak is what the processor could do at most.
func BenchmarkPeak(b *testing.B) {
	operations := 0.0
	for b.Loop() {
		operations += Peak(1 << 14)
	}
	if operations == 0 {
		b.Skip("no AVX2")
	}
	b.ReportMetric(operations/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
