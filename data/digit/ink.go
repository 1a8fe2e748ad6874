package digit

import (
	"math"
	"slices"
)

// ink is how much of each pixel is covered, 0 to 1.
type ink struct {
	w, h int
	v    []float64
}

// inked is what counts as ink where a yes or no is needed.
const inked = 0.2

// faintest is the smallest difference between ink and paper, in one colour's
// full range, that is not taken for a blank sheet.
const faintest = 0.06

// ink takes the paper away and scales what is left.
func (p picture) ink() (ink, error) {
	fitted := fitPaper(p.samples())
	rest := make([][3]float64, p.w*p.h)
	for y := range p.h {
		for x := range p.w {
			s := surface(coordinate(x, p.w), coordinate(y, p.h))
			for c := range 3 {
				rest[y*p.w+x][c] = p.rgb[c][y*p.w+x] - fitted.at(c, s)
			}
		}
	}
	axis := principal(rest)
	out := ink{p.w, p.h, make([]float64, len(rest))}
	skew := 0.0
	for i, d := range rest {
		v := d[0]*axis[0] + d[1]*axis[1] + d[2]*axis[2]
		out.v[i] = v
		skew += v * v * v
	}
	if skew < 0 { // ink is the smaller part, so it lies on the longer tail
		for i := range out.v {
			out.v[i] = -out.v[i]
		}
	}
	return out, out.stretch()
}

// principal is the colour along which pixels differ most: the first principal
// component about zero, by power iteration. Grey images give grey.
func principal(rest [][3]float64) [3]float64 {
	var spread [3][3]float64
	for _, d := range rest {
		for j := range 3 {
			for k := range 3 {
				spread[j][k] += d[j] * d[k]
			}
		}
	}
	axis := [3]float64{0.6, 0.5, 0.4} // no colour's opposite
	for range 30 {
		var next [3]float64
		for j := range 3 {
			for k := range 3 {
				next[j] += spread[j][k] * axis[k]
			}
		}
		length := math.Sqrt(square(next[0]) + square(next[1]) + square(next[2]))
		if length < 1e-12 {
			break
		}
		for j := range 3 {
			axis[j] = next[j] / length
		}
	}
	return axis
}

// stretch maps the paper's noise to 0 and full ink to 1.
func (n ink) stretch() error {
	var deviations []float64
	for i := 0; i < len(n.v); i += 1 + len(n.v)/5000 { // enough for a median
		deviations = append(deviations, math.Abs(n.v[i]))
	}
	noise := 1.4826 * median(deviations) // a standard deviation, by the median
	split := otsu(n.v)
	var above []float64
	for _, v := range n.v {
		if v > split {
			above = append(above, v)
		}
	}
	if len(above) == 0 {
		return ErrBlank
	}
	slices.Sort(above)
	full := above[len(above)*3/4]
	if full < faintest || full < 5*noise {
		return ErrBlank
	}
	low := min(2*noise, full/3)
	for i, v := range n.v {
		n.v[i] = min(max((v-low)/(full-low), 0), 1)
	}
	return nil
}

// otsu is the threshold that best tells two groups of positive values apart:
// Otsu, "A threshold selection method from gray-level histograms" (1979).
func otsu(values []float64) float64 {
	const bins = 256
	top := slices.Max(values)
	if top <= 0 {
		return 0
	}
	var histogram [bins]float64
	sum := 0.0
	for _, v := range values {
		bin := int(max(v, 0) / top * (bins - 1))
		histogram[bin]++
		sum += float64(bin)
	}
	total := float64(len(values))
	best, at, below, belowSum := 0.0, 0, 0.0, 0.0
	for bin, count := range histogram[:bins-1] {
		below += count
		belowSum += float64(bin) * count
		if below == 0 || below == total {
			continue
		}
		apart := belowSum/below - (sum-belowSum)/(total-below)
		if between := below * (total - below) * apart * apart; between > best {
			best, at = between, bin
		}
	}
	return (float64(at) + 0.999) / (bins - 1) * top
}
