package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line is a line of a plot: Y over X; without X over 1, 2, 3, ...
type Line struct {
	Name   string
	X, Y   []float64
	Dots   bool // mark the points
	Dashed bool
}

// Axes says what a plot of lines shows.
type Axes struct {
	Title, X, Y string // X and Y with units
	LogX, LogY  bool   // what is not positive is then left out
	LegendLeft  bool
	LegendBelow bool // in a lower corner
}

// Lines plots lines over each other. Values that are not finite are left out.
func Lines(axes Axes, lines ...Line) (*plot.Plot, error) {
	p := newPlot(axes.Title, axes.X, axes.Y)
	grid(p)
	p.Legend.Left, p.Legend.Top = axes.LegendLeft, !axes.LegendBelow
	points := 0
	for i, l := range lines {
		xy, err := l.points(axes)
		if err != nil {
			return nil, err
		}
		if points += len(xy); len(xy) == 0 {
			continue
		}
		drawn, dots, err := plotter.NewLinePoints(xy)
		if err != nil {
			return nil, err
		}
		drawn.LineStyle = line(i)
		if l.Dashed {
			drawn.Dashes = []vg.Length{6 * pixel, 4 * pixel}
		}
		p.Add(drawn)
		if l.Dots || len(xy) == 1 {
			dots.GlyphStyle = draw.GlyphStyle{Color: lineColour(i), Radius: 2.6 * pixel, Shape: draw.CircleGlyph{}}
			p.Add(dots)
		}
		if l.Name != "" {
			p.Legend.Add(l.Name, drawn)
		}
	}
	if points == 0 {
		return nil, fmt.Errorf("report: %q: no finite points to draw", axes.Title)
	}
	for _, axis := range []struct {
		axis *plot.Axis
		log  bool
	}{{&p.X, axes.LogX}, {&p.Y, axes.LogY}} {
		if axis.log {
			wholePowers(axis.axis)
		}
	}
	if !axes.LogY {
		roomAbove(&p.Y, 0.05)
	}
	return p, nil
}

func (l Line) points(axes Axes) (xy plotter.XYs, err error) {
	if l.X != nil && len(l.X) != len(l.Y) {
		return nil, fmt.Errorf("report: line %q: %d x for %d y", l.Name, len(l.X), len(l.Y))
	}
	for i, y := range l.Y {
		x := float64(i + 1)
		if l.X != nil {
			x = l.X[i]
		}
		// The plot's own logarithmic scale would misplace the labels.
		if axes.LogX {
			x = math.Log10(x)
		}
		if axes.LogY {
			y = math.Log10(y)
		}
		if !math.IsNaN(x+y) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			xy = append(xy, plotter.XY{X: x, Y: y})
		}
	}
	return xy, nil
}

// wholePowers makes an axis of logarithms go from one power of ten to another.
func wholePowers(axis *plot.Axis) {
	axis.Min, axis.Max = math.Floor(axis.Min+1e-9), math.Ceil(axis.Max-1e-9)
	if axis.Min == axis.Max {
		axis.Max++
	}
	axis.Tick.Marker = powerTicks{}
}
