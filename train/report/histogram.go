package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// Histogram plots how often values occur between low and high, in 40 bins; those
// beyond count in the last bin of their side, those that are no numbers not at
// all.
func Histogram(axes Axes, low, high float64, values []float64) (*plot.Plot, error) {
	if !(high > low) {
		return nil, fmt.Errorf("report: %q: a histogram from %g to %g", axes.Title, low, high)
	}
	const bins = 40
	h := plotter.Histogram{Width: (high - low) / bins, FillColor: lineColour(5)}
	for i := range bins {
		from := low + float64(i)*h.Width
		h.Bins = append(h.Bins, plotter.HistogramBin{Min: from, Max: from + h.Width})
	}
	counted := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			at := math.Floor((v - low) / h.Width)
			h.Bins[int(min(max(at, 0), bins-1))].Weight++
			counted++
		}
	}
	if counted == 0 {
		return nil, fmt.Errorf("report: %q: no values", axes.Title)
	}
	p := newPlot(axes.Title, axes.X, axes.Y)
	p.Add(&h)
	p.X.Min, p.X.Max = low, high
	p.X.Tick.Marker = plot.ConstantTicks{{Value: low, Label: short6(low)}, {Value: (low + high) / 2, Label: short6((low + high) / 2)}, {Value: high, Label: short6(high)}}
	return p, nil
}
