package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// Histogram plots how often values occur; those that are not finite are left
// out.
func Histogram(axes Axes, values []float64) (*plot.Plot, error) {
	var finite plotter.Values
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			finite = append(finite, v)
		}
	}
	if len(finite) == 0 {
		return nil, fmt.Errorf("report: %q: no finite values", axes.Title)
	}
	p := newPlot(axes.Title, axes.X, axes.Y)
	h, err := plotter.NewHist(finite, 40)
	if err != nil {
		return nil, err
	}
	h.FillColor, h.LineStyle.Width = lineColour(5), 0
	p.Add(h)
	p.X.Tick.Marker = fewTicks{}
	return p, nil
}

// fewTicks is for narrow plots.
type fewTicks struct{}

// Ticks labels the ends and the middle.
func (fewTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, v := range []float64{low, (low + high) / 2, high} {
		ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.2g", v)})
	}
	return ticks
}
