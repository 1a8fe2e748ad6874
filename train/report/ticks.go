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

// powerTicks is for an axis of logarithms to the base 10: it labels powers of
// ten, as many as there is room for.
type powerTicks struct{}

// Ticks is for an axis from 10^low to 10^high.
func (powerTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	from, to := int(math.Floor(low)), int(math.Ceil(high))
	every := (to-from)/8 + 1
	for e := from; e <= to; e++ {
		for m := 1; m < 10; m++ {
			at := float64(e) + math.Log10(float64(m))
			if at < low-1e-9 || at > high+1e-9 || m > 1 && every > 1 {
				continue
			}
			t := plot.Tick{Value: at}
			if m == 1 && e%every == 0 || to-from < 2 && (m == 2 || m == 5) {
				t.Label = short6(float64(m) * math.Pow10(e))
			}
			ticks = append(ticks, t)
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
