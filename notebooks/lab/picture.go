package lab

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"symgrad/data"
)

// Picture is a picture that a notebook shows: as the last value of a cell, or
// by Display(display.PNG(...)).
type Picture struct{ png []byte }

// PNG is the picture's file; the kernel calls it.
func (p Picture) PNG() []byte { return p.png }

// Plot draws a plot, 14 cm x 9 cm.
func Plot(p *plot.Plot) Picture { return PlotSize(p, 14, 9) }

// PlotSize draws a plot of the given size in centimetres.
func PlotSize(p *plot.Plot, width, height float64) Picture {
	if !(width > 0 && width <= 100 && height > 0 && height <= 100) {
		Check(fmt.Errorf("a plot of %g cm x %g cm: both must be above 0 and at most 100", width, height))
	}
	w, err := p.WriterTo(vg.Length(width)*vg.Centimeter, vg.Length(height)*vg.Centimeter, "png")
	Check(err)
	var png bytes.Buffer
	_, err = w.WriteTo(&png)
	Check(err)
	return Picture{png.Bytes()}
}

// Digits is images of a set side by side, dark on white, each pixel scale
// pixels wide.
func Digits(set *data.Set, scale int, examples ...int) image.Image {
	if len(set.Shape) != 3 || set.Shape[0] != 1 || scale < 1 || len(examples) == 0 {
		Check(fmt.Errorf("digits: %d examples of shape %v at scale %d: need at least one, of shape [1 height width], and a positive scale", len(examples), set.Shape, scale))
	}
	h, w := set.Shape[1], set.Shape[2]
	x := Inputs(set, examples...)
	img := image.NewGray(image.Rect(0, 0, scale*w*len(examples), scale*h))
	for row := range h * scale {
		for col := range w * scale * len(examples) {
			i, c := col/(w*scale), col/scale%w
			img.SetGray(col, row, color.Gray{Y: uint8(255.5 - 255*x[(i*h+row/scale)*w+c])})
		}
	}
	return img
}
