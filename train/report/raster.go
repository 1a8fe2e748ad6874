package report

import (
	"image"
	"image/draw"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// raster is a canvas that copies an image, pixel for pixel, where it is drawn in
// its own size. vgimg's own canvas resamples it, to the same pixels.
type raster struct{ *vgimg.Canvas }

func (r raster) DrawImage(place vg.Rectangle, img image.Image) {
	dots := func(l vg.Length) int { return int(math.Round(l.Dots(r.DPI()))) }
	size, to := img.Bounds().Size(), r.Image()
	if dots(place.Size().X) != size.X || dots(place.Size().Y) != size.Y {
		r.Canvas.DrawImage(place, img)
		return
	}
	corner := image.Pt(dots(place.Min.X), to.Bounds().Dy()-dots(place.Max.Y))
	draw.Draw(to, image.Rectangle{Min: corner, Max: corner.Add(size)}, img, img.Bounds().Min, draw.Over)
}
