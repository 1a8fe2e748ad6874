package report

import (
	"bytes"
	"image/png"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pixel is a pixel's length at 96 dots an inch.
const pixel = vg.Inch / 96

// Figure is a picture of a fixed size.
type Figure struct {
	Title         string // what it shows, for those who cannot see it
	Width, Height vg.Length
	paint         func(draw.Canvas)
}

// newFigure is a figure of a size in pixels.
func newFigure(title string, width, height int, paint func(draw.Canvas)) Figure {
	return Figure{Title: title, Width: vg.Length(width) * pixel, Height: vg.Length(height) * pixel, paint: paint}
}

// Of makes a figure of plots, side by side in one row. Width and height are of
// the whole, in pixels.
func Of(width, height int, plots ...*plot.Plot) Figure {
	title := ""
	for _, p := range plots {
		if title != "" {
			title += "; "
		}
		title += p.Title.Text
	}
	return newFigure(title, width, height, func(c draw.Canvas) {
		tiles := draw.Tiles{Rows: 1, Cols: len(plots), PadX: 16 * pixel, PadTop: 6 * pixel, PadBottom: 6 * pixel, PadLeft: 6 * pixel, PadRight: 12 * pixel}
		for i, part := range plot.Align([][]*plot.Plot{plots}, tiles, c)[0] {
			plots[i].Draw(part)
		}
	})
}

// PNG is the figure as a PNG file, at 96 dots an inch; notebooks call it.
func (f Figure) PNG() []byte {
	var b bytes.Buffer
	if err := f.WritePNG(&b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// WritePNG writes the figure as a PNG file, at 96 dots an inch.
func (f Figure) WritePNG(w io.Writer) error {
	c := vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(96))
	f.paint(draw.New(raster{c}))
	encoder := png.Encoder{CompressionLevel: png.BestSpeed} // half the time, for a few bytes more in a hundred
	return encoder.Encode(w, c.Image())
}

// WriteSVG writes the figure as an SVG file.
func (f Figure) WriteSVG(w io.Writer) error {
	c := vgsvg.New(f.Width, f.Height)
	f.paint(draw.New(c))
	_, err := c.WriteTo(w)
	return err
}
