package digit

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ink is how much of each pixel is covered, 0 to 1.
type ink struct {
	w, h  int
	v     []float64
	sheet []bool // where the paper is; nil: everywhere
}

// on tells whether a pixel is on the sheet.
func (n ink) on(i int) bool { return n.sheet == nil || n.sheet[i] }

// inked is what counts as ink where a yes or no is needed.
const inked = 0.2

// faintest is the smallest difference between ink and paper, in one colour's
// full range, that is not taken for a blank sheet.
const faintest = 0.06

// ink takes the paper away, and its rules, and scales what is left.
func (p picture) ink(sheet []bool) (ink, error) {
	out := p.signed(sheet)
	ruled := out.withoutRules()
	err := out.stretch()
	if ruled && errors.Is(err, ErrBlank) {
		err = fmt.Errorf("%w but the paper's rules; write darker or larger than they are", ErrBlank)
	}
	return out, err
}

// signed is what differs from the paper, above zero where it is as ink does.
func (p picture) signed(sheet []bool) ink {
	out := ink{p.w, p.h, make([]float64, p.w*p.h), sheet}
	fitted := fitPaper(p.samples(sheet))
	rest := make([][3]float64, p.w*p.h)
	for y := range p.h {
		for x := range p.w {
			if !out.on(y*p.w + x) {
				continue
			}
			s := surface(coordinate(x, p.w), coordinate(y, p.h))
			for c := range 3 {
				rest[y*p.w+x][c] = p.rgb[c][y*p.w+x] - fitted.at(c, s)
			}
		}
	}
	axis := principal(rest)
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
	return out
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
		if n.on(i) {
			deviations = append(deviations, math.Abs(n.v[i]))
		}
	}
	noise := 1.4826 * median(deviations) // a standard deviation, by the median
	split := otsu(n.v)
	var above []float64
	for _, v := range n.v {
		if v > split {
			above = append(above, v)
		}
	}
	full := 0.0
	if len(above) > 0 {
		full = nth(above, len(above)*3/4)
	}
	if full < 0.5/255 {
		return fmt.Errorf("%w: the picture is of one colour", ErrBlank)
	}
	if full < faintest || full < 5*noise {
		white := math.Sqrt(3) // the way from black, in colours
		return fmt.Errorf("%w: what differs most from the paper does so by %.0f%% of the way from black to white, and the paper itself by %.0f%%; write darker or larger, or take the photo nearer and in even light",
			ErrBlank, 100*full/white, 100*noise/white)
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
