package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// roundTicks labels about five round numbers: multiples of 1, 2 or 5 times a
// power of ten.
type roundTicks struct{}

// Ticks is for an axis from low to high.
func (roundTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	if !(high > low) {
		return []plot.Tick{{Value: low, Label: short6(low)}}
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, m := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*m) <= 6 {
			step *= m
			break
		}
	}
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: short6(i * step)})
	}
	return ticks
}

// powerTicks labels powers of ten, as many as there is room for.
type powerTicks struct{}

// Ticks is for a logarithmic axis from low to high, both positive.
func (powerTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	from, to := int(math.Floor(math.Log10(low)+1e-9)), int(math.Ceil(math.Log10(high)-1e-9))
	every := (to-from)/8 + 1
	for e := from; e <= to; e++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow10(e)
			if v < low*(1-1e-9) || v > high*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if m == 1 && e%every == 0 || to-from < 2 && (m == 2 || m == 5) {
				t.Label = short6(v)
			}
			if m == 1 || every == 1 {
				ticks = append(ticks, t)
			}
		}
	}
	return ticks
}

// short6 writes a number with as few digits as it has, at most six.
func short6(v float64) string {
	if math.Abs(v) < 1e-12 {
		v = 0
	}
	text := strconv.FormatFloat(v, 'g', 6, 64)
	if w, err := strconv.ParseFloat(text, 64); err == nil {
		text = strconv.FormatFloat(w, 'g', -1, 64)
	}
	return text
}

// roomAbove leaves a part of the axis free above the data, so that nothing is
// cut at the edge.
func roomAbove(axis *plot.Axis, part float64) {
	if span := axis.Max - axis.Min; span > 0 {
		axis.Max += part * span
	}
}
