package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lineColour is the colour of a plot's i-th line. They tell lines apart also
// without red and green: Okabe and Ito, "Color universal design" (2008).
func lineColour(i int) color.Color {
	colours := []color.RGBA{
		{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255},
		{230, 159, 0, 255}, {86, 180, 233, 255}, {0, 0, 0, 255}, {160, 160, 0, 255},
	}
	return colours[i%len(colours)]
}

func grey(level uint8) color.Color { return color.Gray{Y: level} }

func sans(size int) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size) * pixel}
}

// lettering is text of a size in pixels.
func lettering(size int, c color.Color, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: c, Font: sans(size), XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler}
}

// newPlot is an empty plot in the house's style.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.TextStyle.Font, p.Title.Padding = sans(16), 8*pixel
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font, axis.Tick.Label.Font = sans(14), sans(12)
		axis.LineStyle.Width, axis.Tick.LineStyle.Width = 0.8*pixel, 0.8*pixel
		axis.Padding, axis.Tick.Marker = 4*pixel, roundTicks{}
	}
	p.Legend.TextStyle.Font = sans(13)
	p.Legend.Top, p.Legend.Padding, p.Legend.ThumbnailWidth = true, 2*pixel, 22*pixel
	return p
}

// grid adds pale lines behind the data.
func grid(p *plot.Plot) {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = grey(225), grey(225)
	g.Horizontal.Width, g.Vertical.Width = 0.7*pixel, 0.7*pixel
	p.Add(g)
}

func line(i int) draw.LineStyle {
	return draw.LineStyle{Color: lineColour(i), Width: 1.8 * pixel}
}
