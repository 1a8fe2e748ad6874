package digit

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// terms of the surface that stands for the paper: 1, x, y, x^2, xy, y^2.
const terms = 6

// paper is the background of each colour as a quadratic surface, x and y from -1
// to 1: enough for a lamp at one side and for a vignette.
type paper [3][terms]float64

func surface(x, y float64) [terms]float64 { return [terms]float64{1, x, y, x * x, x * y, y * y} }

func (p paper) at(c int, s [terms]float64) float64 {
	v := 0.0
	for k, a := range p[c] {
		v += a * s[k]
	}
	return v
}

// sample is a pixel that the paper is fitted to.
type sample struct {
	surface [terms]float64
	rgb     [3]float64
	weight  float64
}

// samples takes some two thousand pixels of a sheet, or of all; there those near
// the edge, which are seldom ink, weigh most at first.
func (p picture) samples(sheet []bool) []sample {
	step := max(1, int(math.Sqrt(float64(p.w*p.h)/2000)))
	var out []sample
	for y := 0; y < p.h; y += step {
		for x := 0; x < p.w; x += step {
			if sheet != nil && !sheet[y*p.w+x] {
				continue
			}
			u, v := coordinate(x, p.w), coordinate(y, p.h)
			s := sample{surface: surface(u, v), weight: 0.05}
			if sheet != nil || max(math.Abs(u), math.Abs(v)) > 0.85 {
				s.weight = 1
			}
			for c := range s.rgb {
				s.rgb[c] = p.rgb[c][y*p.w+x]
			}
			out = append(out, s)
		}
	}
	return out
}

// coordinate maps pixel centres to (-1, 1).
func coordinate(i, n int) float64 { return float64(2*i+1)/float64(n) - 1 }

// fitPaper fits by least squares, reweighted after Cauchy, so that the ink,
// being the smaller part, loses its say.
func fitPaper(samples []sample) paper {
	var fitted paper
	far := make([]float64, len(samples))
	for range 10 {
		fitted = leastSquares(samples)
		for i, s := range samples {
			far[i] = 0
			for c := range s.rgb {
				far[i] += square(s.rgb[c] - fitted.at(c, s.surface))
			}
		}
		scale := max(median(far), square(1.0/255))
		for i := range samples {
			samples[i].weight = 1 / square(1+far[i]/(4*scale))
		}
	}
	return fitted
}

// leastSquares solves the weighted normal equations; a little ridge keeps them
// solvable for an image one pixel wide.
func leastSquares(samples []sample) (fitted paper) {
	var products [terms][terms]float64
	var sides [terms][3]float64
	total := 0.0
	for i := range samples {
		s := &samples[i]
		total += s.weight
		for j, a := range s.surface {
			a *= s.weight
			row, side := &products[j], &sides[j]
			for k := range j + 1 {
				row[k] += a * s.surface[k]
			}
			side[0] += a * s.rgb[0]
			side[1] += a * s.rgb[1]
			side[2] += a * s.rgb[2]
		}
	}
	normal := mat.NewSymDense(terms, nil)
	right := mat.NewDense(terms, 3, nil)
	for j := range terms {
		for k := range j + 1 {
			normal.SetSym(j, k, products[j][k])
		}
		if j > 0 {
			normal.SetSym(j, j, products[j][j]+1e-3*total)
		}
		right.SetRow(j, sides[j][:])
	}
	var factor mat.Cholesky
	var solution mat.Dense
	if !factor.Factorize(normal) || factor.SolveTo(&solution, right) != nil {
		for c := range fitted { // what is left is the mean
			fitted[c][0] = sides[0][c] / total
		}
		return fitted
	}
	for c := range fitted {
		for j := range terms {
			fitted[c][j] = solution.At(j, c)
		}
	}
	return fitted
}

func square(v float64) float64 { return v * v }
