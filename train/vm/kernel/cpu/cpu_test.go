package cpu

import "testing"

func TestNamesOfKernels(t *testing.T) {
	for want, f := range map[string]Features{"AVX-512": {AVX2: true, AVX512: true}, "AVX2": {AVX2: true}, "NEON": {NEON: true}, "plain Go": {}} {
		if got := f.String(); got != want {
			t.Errorf("%+v are called %q, want %q", f, got, want)
		}
	}
}
