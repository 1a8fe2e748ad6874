package culprit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// sample is a gradient and what it should be, of every so many numbers.
type sample struct {
	claimed, numeric []float64
	corners          []bool
	every            int
}

// pattern says what the claimed numbers have to do with the right ones; empty
// where nothing is seen.
func pattern(s sample, shape tensor.Shape, tolerance float64) string {
	alike := func(a, b []float64) bool { return far(a, b, s.every) <= 1e3*tolerance }
	off := s.off(tolerance)
	switch {
	case alike(s.claimed, s.numeric):
		return "each number alone is right, their sum is not: several get what is one's"
	case rms(s.claimed) == 0:
		return "all numbers are 0"
	case onlyWhere(off, s.corners):
		return "only at kinks"
	}
	if c, ok := s.factor(tolerance); ok {
		return scaled(c)
	}
	if s.every > 1 {
		return s.some(off)
	}
	more := make([]float64, len(s.claimed))
	for i := range more {
		more[i] = s.numeric[i] + s.claimed[0] - s.numeric[0]
	}
	if len(more) > 1 && alike(s.claimed, more) {
		return fmt.Sprintf("each number %.3g too large", s.claimed[0]-s.numeric[0])
	}
	if len(shape) == 2 && alike(transposed(s.claimed, shape), s.numeric) {
		return "transposed"
	}
	for axis := range shape {
		for by := 1; by < min(shape[axis], 4); by++ {
			for _, by := range []int{by, -by} {
				if alike(shifted(s.claimed, shape, axis, by), s.numeric) {
					return fmt.Sprintf("off by %d along axis %d", by, axis)
				}
			}
		}
	}
	for axis := range shape {
		if shape[axis] > 1 && alike(reversed(s.claimed, shape, axis), s.numeric) {
			return fmt.Sprintf("the wrong way round along axis %d", axis)
		}
		if shape[axis] > 1 && alike(s.claimed, averaged(s.numeric, shape, axis, 1)) {
			return fmt.Sprintf("averaged over axis %d", axis)
		}
		if shape[axis] > 1 && alike(s.claimed, averaged(s.numeric, shape, axis, shape[axis])) {
			return fmt.Sprintf("summed over axis %d", axis)
		}
	}
	a, b := slices.Sorted(slices.Values(s.claimed)), slices.Sorted(slices.Values(s.numeric))
	if alike(a, b) {
		return "the right numbers in other places"
	}
	return s.some(off)
}

func scaled(c float64) string {
	if math.Abs(c+1) < 1e-3 {
		return "the sign is wrong"
	}
	if r := math.Round(c); math.Abs(c) >= 1.5 && math.Abs(c-r) < 1e-3*math.Abs(c) {
		return fmt.Sprintf("%g times too large", r)
	}
	if r := math.Round(1 / c); math.Abs(c) <= 0.7 && math.Abs(1/c-r) < 1e-3*math.Abs(1/c) {
		return fmt.Sprintf("1/%g of what it should be", r)
	}
	return fmt.Sprintf("%.6g times what it should be", c)
}

// off lists the numbers that are wrong.
func (s sample) off(tolerance float64) (at []int) {
	scale := max(rms(s.claimed), rms(s.numeric))
	for i := 0; i < len(s.claimed); i += s.every {
		if d := math.Abs(s.claimed[i] - s.numeric[i]); !(d <= 1e2*tolerance*max(math.Abs(s.numeric[i]), 1e-3*scale)) {
			at = append(at, i)
		}
	}
	return at
}

func (s sample) some(off []int) string {
	seen := (len(s.claimed) + s.every - 1) / s.every
	if len(off) == 0 || len(off) == seen {
		return ""
	}
	var text []string
	for _, i := range off[:min(len(off), 5)] {
		text = append(text, fmt.Sprint(i))
	}
	if len(off) > 5 {
		text = append(text, "...")
	}
	return fmt.Sprintf("%d of %d numbers: %s", len(off), seen, strings.Join(text, ", "))
}

// factor is claimed / right, where that is one number.
func (s sample) factor(tolerance float64) (float64, bool) {
	dot, square := 0.0, 0.0
	for i := 0; i < len(s.claimed); i += s.every {
		dot += s.claimed[i] * s.numeric[i]
		square += s.numeric[i] * s.numeric[i]
	}
	c := dot / square
	scaled := make([]float64, len(s.numeric))
	for i, v := range s.numeric {
		scaled[i] = c * v
	}
	return c, c != 0 && far(s.claimed, scaled, s.every) <= 10*tolerance
}

// far is the largest difference relative to the root mean square.
func far(a, b []float64, every int) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst, square, n := 0.0, 0.0, 0
	for i := 0; i < len(a); i += every {
		worst, square, n = max(worst, math.Abs(a[i]-b[i])), square+b[i]*b[i], n+1
	}
	return worst / math.Sqrt(square/float64(max(1, n)))
}

func onlyWhere(off []int, mark []bool) bool {
	return len(off) > 0 && !slices.ContainsFunc(off, func(i int) bool { return !mark[i] })
}
