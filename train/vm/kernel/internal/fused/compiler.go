//go:build loose || arm64 || riscv64 || ppc64 || ppc64le || s390x || loong64

package fused

// MulAdd is x y + z.
func MulAdd(x, y, z float32) float32 { return x*y + z }

func eights(s *[8]float32, k int, a []float32, cs int, b []float32, ldb int) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for p := range k {
		x, y := a[p*cs], (*[8]float32)(b[p*ldb:])
		s0 += x * y[0]
		s1 += x * y[1]
		s2 += x * y[2]
		s3 += x * y[3]
		s4 += x * y[4]
		s5 += x * y[5]
		s6 += x * y[6]
		s7 += x * y[7]
	}
	*s = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

// Each adds x y to s, number by number.
func Each(s, x, y *[8]float32) {
	for q := range s {
		s[q] += x[q] * y[q]
	}
}
