//go:build !(loose || arm64 || riscv64 || ppc64 || ppc64le || s390x || loong64)

package fused

import "math"

// MulAdd is x y + z.
func MulAdd(x, y, z float32) float32 {
	// The product is exact in float64.
	p, c := float64(x)*float64(y), float64(z)
	s := p + c
	if doubtful(s) {
		s = toOdd(p, c, s)
	}
	return float32(s)
}

// doubtful tells whether s may round to another float32 than what it was rounded
// from: it lies between two of them, or is smaller than normal ones.
func doubtful(s float64) bool {
	b := math.Float64bits(s)
	return uint32(b)<<3 == 1<<31 || b<<1-1 < 897<<53-1
}

// toOdd is s = x + y rounded to odd, which rounds to float32 as if it were exact
// (Boldo and Melquiond 2008, "Emulation of a FMA and correctly rounded sums").
//
//go:noinline
func toOdd(x, y, s float64) float64 {
	t := s - x
	lost := (x - (s - t)) + (y - t)
	if b := math.Float64bits(s); lost != 0 && lost == lost && b&1 == 0 {
		if (lost > 0) == (s > 0) {
			return math.Float64frombits(b + 1)
		}
		return math.Float64frombits(b - 1)
	}
	return s
}

func eights(s *[8]float32, k int, a []float32, cs int, b []float32, ldb int) {
	s0, s1, s2, s3 := float64(s[0]), float64(s[1]), float64(s[2]), float64(s[3])
	s4, s5, s6, s7 := float64(s[4]), float64(s[5]), float64(s[6]), float64(s[7])
	for p := range k {
		x, y := float64(a[p*cs]), (*[8]float32)(b[p*ldb:])
		t := x*float64(y[0]) + s0
		if doubtful(t) {
			t = toOdd(x*float64(y[0]), s0, t)
		}
		s0 = float64(float32(t))
		t = x*float64(y[1]) + s1
		if doubtful(t) {
			t = toOdd(x*float64(y[1]), s1, t)
		}
		s1 = float64(float32(t))
		t = x*float64(y[2]) + s2
		if doubtful(t) {
			t = toOdd(x*float64(y[2]), s2, t)
		}
		s2 = float64(float32(t))
		t = x*float64(y[3]) + s3
		if doubtful(t) {
			t = toOdd(x*float64(y[3]), s3, t)
		}
		s3 = float64(float32(t))
		t = x*float64(y[4]) + s4
		if doubtful(t) {
			t = toOdd(x*float64(y[4]), s4, t)
		}
		s4 = float64(float32(t))
		t = x*float64(y[5]) + s5
		if doubtful(t) {
			t = toOdd(x*float64(y[5]), s5, t)
		}
		s5 = float64(float32(t))
		t = x*float64(y[6]) + s6
		if doubtful(t) {
			t = toOdd(x*float64(y[6]), s6, t)
		}
		s6 = float64(float32(t))
		t = x*float64(y[7]) + s7
		if doubtful(t) {
			t = toOdd(x*float64(y[7]), s7, t)
		}
		s7 = float64(float32(t))
	}
	*s = [8]float32{float32(s0), float32(s1), float32(s2), float32(s3), float32(s4), float32(s5), float32(s6), float32(s7)}
}

// Each adds x y to s, number by number.
func Each(s, x, y *[8]float32) {
	for q := range s {
		p, c := float64(x[q])*float64(y[q]), float64(s[q])
		t := p + c
		if doubtful(t) {
			t = toOdd(p, c, t)
		}
		s[q] = float32(t)
	}
}
