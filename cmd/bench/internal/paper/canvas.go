package paper

import (
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"symgrad/cmd/bench/internal/peer"
)

const (
	dpi   = 96
	width = 800 // of every picture, in pixels
)

// pixels is a length in pixels of the picture.
func pixels(n float64) vg.Length { return vg.Length(n) * vg.Inch / dpi }

// sans is the letters' font, so many pixels high.
func sans(size float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: pixels(size)}
}

// newPlot is an empty plot in letters that can be read at 800 pixels.
func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Title.TextStyle.Font = title, sans(18)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Tick.Label.Font = sans(15), sans(14)
	}
	p.Legend.TextStyle.Font, p.Legend.ThumbnailWidth, p.Legend.Padding = sans(14), pixels(30), pixels(3)
	return p
}

// stack draws panels one below the other, each so many pixels high, into a PNG,
// and above them which colour is which peer, where there are peers.
func stack(w io.Writer, panels []*plot.Plot, high float64, peers []string) error {
	head := 0.0
	if len(peers) > 0 {
		head = 36
	}
	img := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(pixels(width), pixels(head+high*float64(len(panels)))), vgimg.UseDPI(dpi))}
	canvas := draw.New(img)
	top := canvas.Max.Y
	legend(canvas, peers, top-pixels(head/2))
	for i, p := range panels {
		from := top - pixels(head+high*float64(i))
		area := draw.Canvas{Canvas: canvas.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: canvas.Min.X, Y: from - pixels(high)}, Max: vg.Point{X: canvas.Max.X, Y: from}}}
		p.Draw(draw.Crop(area, pixels(10), -pixels(14), pixels(8), -pixels(8)))
	}
	_, err := img.WriteTo(w)
	return err
}

// legend is a row of squares and names, centred on the height y.
func legend(c draw.Canvas, peers []string, y vg.Length) {
	style := text.Style{Font: sans(15), YAlign: text.YCenter, Handler: plot.DefaultTextHandler}
	x, half := c.Min.X+pixels(80), pixels(7)
	for _, name := range peers {
		c.FillPolygon(colours[name], []vg.Point{{X: x, Y: y - half}, {X: x + 2*half, Y: y - half}, {X: x + 2*half, Y: y + half}, {X: x, Y: y + half}})
		x += 3 * half
		c.FillText(style, vg.Point{X: x, Y: y}, peer.Title(name))
		x += style.Width(peer.Title(name)) + 3*half
	}
}
