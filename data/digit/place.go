package digit

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// fit is the side of the square that the bounding box is scaled to.
const fit = 20

// placed scales the bounding box to fit 20x20 and moves it, by whole pixels,
// until the centre of mass is in the middle of 28x28. In every one of MNIST's
// images the box is 20 long and the centre of mass is in pixel 14 of each axis,
// counted from 0; so it is here.
func (n ink) placed() ([]float64, error) {
	box := n.box()
	if box.Empty() {
		return nil, fmt.Errorf("%w but specks; write larger, or take the photo nearer", ErrBlank)
	}
	grey := image.NewGray(image.Rect(0, 0, n.w, n.h))
	for i, v := range n.v {
		grey.SetGray(i%n.w, i/n.w, color.Gray{uint8(math.Round(v * 255))})
	}
	long := float64(max(box.Dx(), box.Dy()))
	side := func(n int) int { return max(int(math.Round(float64(n)*fit/long)), 1) }
	small := image.NewRGBA(image.Rect(0, 0, side(box.Dx()), side(box.Dy())))
	draw.BiLinear.Scale(small, small.Rect, grey, box, draw.Src, nil)

	w, h := small.Rect.Dx(), small.Rect.Dy()
	values := make([]float64, w*h)
	for i := range values {
		values[i] = float64(small.Pix[4*i]) / 255
	}
	x0, y0 := centred(values, w, h)
	brightest := max(slices.Max(values), 1e-9)
	out := make([]float64, Side*Side)
	for i, v := range values {
		out[(y0+i/w)*Side+x0+i%w] = v / brightest
	}
	return out, nil
}

// centred is where the small image's corner goes; all of it stays inside.
func centred(values []float64, w, h int) (x0, y0 int) {
	var mass, mx, my float64
	for i, v := range values {
		mass += v
		mx += v * (float64(i%w) + 0.5)
		my += v * (float64(i/w) + 0.5)
	}
	at := func(moment float64, size int) int {
		return min(max(Side/2-int(moment/max(mass, 1e-9)), 0), Side-size)
	}
	return at(mx, w), at(my, h)
}
