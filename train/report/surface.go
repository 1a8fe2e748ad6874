package report

import (
	"fmt"
	"image"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Point is an example on a [Surface].
type Point struct {
	X, Y float64
	One  bool // its target: one or zero
}

// planeSize is the side of a surface in pixels of its own.
const planeSize = 160

// Surface colours the plane from low to high by f, whose values are from 0
// (blue) to 1 (red), with examples on it: black for one, white for zero.
func Surface(axes Axes, low, high float64, f func(x, y float64) float64, examples ...Point) (*plot.Plot, error) {
	if !(high > low) {
		return nil, fmt.Errorf("report: a surface from %g to %g", low, high)
	}
	p := newPlot(axes.Title, axes.X, axes.Y)
	colours := moreland.SmoothBlueRed()
	colours.SetMin(0)
	colours.SetMax(1)
	img := image.NewRGBA(image.Rect(0, 0, planeSize, planeSize))
	for row := range planeSize {
		for column := range planeSize {
			// the middle of the pixel; rows count from the top
			x, y := (float64(column)+0.5)/planeSize, 1-(float64(row)+0.5)/planeSize
			c, err := colours.At(min(max(f(low+x*(high-low), low+y*(high-low)), 0), 1))
			if err != nil {
				return nil, fmt.Errorf("report: %q at (%g, %g): %w", axes.Title, x, y, err)
			}
			img.Set(column, row, c)
		}
	}
	p.Add(plotter.NewImage(img, low, low, high, high))
	for _, e := range examples {
		inside := grey(255)
		if e.One {
			inside = grey(0)
		}
		for _, glyph := range []draw.GlyphStyle{{Color: inside, Radius: 7 * pixel, Shape: draw.CircleGlyph{}}, {Color: grey(0), Radius: 7 * pixel, Shape: draw.RingGlyph{}}} {
			s, err := plotter.NewScatter(plotter.XYs{{X: e.X, Y: e.Y}})
			if err != nil {
				return nil, err
			}
			s.GlyphStyle = glyph
			p.Add(s)
		}
	}
	return p, nil
}
