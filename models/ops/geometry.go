package ops

import (
	"fmt"

	"gorgonia.org/tensor"
)

// Geometry is how windows lie on images: Image, Window, Stride and Pad are
// {height, width}; positions beyond the image are zero padding.
type Geometry struct {
	Batch, Channels, Maps int
	Image, Window         [2]int
	Stride, Pad           [2]int
}

// Out is the number of windows along height and width, rounded down. The
// strides must be positive.
func (g Geometry) Out() [2]int {
	var out [2]int
	for i := range out {
		out[i] = (g.Image[i]+2*g.Pad[i]-g.Window[i])/g.Stride[i] + 1
	}
	return out
}

// check tells what no operator can work with.
func (g Geometry) check() error {
	for i := range g.Image {
		switch {
		case g.Stride[i] < 1 || g.Pad[i] < 0 || g.Window[i] < 1:
			return fmt.Errorf("window %v, stride %v, padding %v: sizes and strides must be positive", g.Window, g.Stride, g.Pad)
		case g.Window[i] > g.Image[i]+2*g.Pad[i]:
			return fmt.Errorf("window %v is larger than the image %v with padding %v", g.Window, g.Image, g.Pad)
		}
	}
	return nil
}

// checkGrad checks the geometry and that a gradient dL/dy has the shape (B,
// Maps, OH, OW) of its output.
func (g Geometry) checkGrad(dy tensor.Shape) error {
	if err := g.check(); err != nil {
		return err
	}
	out := g.Out()
	if want := (tensor.Shape{g.Batch, g.Maps, out[0], out[1]}); !want.Eq(dy) {
		return fmt.Errorf("want a gradient of shape %v", want)
	}
	return nil
}

// span gives the first and last+1 offset in the window, along one axis, that
// fall on the image for output position o.
func (g Geometry) span(axis, o int) (from, to int) {
	start := o*g.Stride[axis] - g.Pad[axis]
	return max(0, -start), min(g.Window[axis], g.Image[axis]-start)
}

// orOne replaces a stride of 0 by 1.
func orOne(s [2]int) [2]int {
	for i := range s {
		if s[i] == 0 {
			s[i] = 1
		}
	}
	return s
}
