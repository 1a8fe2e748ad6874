package ops

import "fmt"

// Geometry is how windows lie on images: Image, Window, Stride and Pad are
// {height, width}; positions beyond the image are zero padding.
type Geometry struct {
	Batch, Channels, Maps int
	Image, Window         [2]int
	Stride, Pad           [2]int
}

// Out is the number of windows along height and width, rounded down.
func (g Geometry) Out() [2]int {
	var out [2]int
	for i := range out {
		out[i] = (g.Image[i]+2*g.Pad[i]-g.Window[i])/g.Stride[i] + 1
	}
	return out
}

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

// span gives the first and last+1 offset in the window, along one axis, that
// fall on the image for output position o.
func (g Geometry) span(axis, o int) (from, to int) {
	start := o*g.Stride[axis] - g.Pad[axis]
	return max(0, -start), min(g.Window[axis], g.Image[axis]-start)
}

func orOne(s [2]int) [2]int {
	for i := range s {
		if s[i] == 0 {
			s[i] = 1
		}
	}
	return s
}

func fmtImage(image [2]int) string { return fmt.Sprintf("{image %v}", image) }
