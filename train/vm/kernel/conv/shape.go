package conv

import "fmt"

// Layout is the order of an image batch's axes.
type Layout uint8

const (
	NCHW Layout = iota // (B, C, H, W), a graph's own order
	NHWC               // (B, H, W, C): the channels of a pixel are contiguous
)

// Shape is the geometry of a convolution of images of Channels x Height x
// Width with Maps filters: [2]int fields are {height, width}, a stride of 0
// means 1, Pad counts the zero rows and columns on each side.
type Shape struct {
	Channels, Height, Width int
	Maps                    int
	Kernel, Stride, Pad     [2]int
}

// Out is the height and width of a feature map.
func (s Shape) Out() [2]int {
	image := [2]int{s.Height, s.Width}
	var out [2]int
	for i := range out {
		out[i] = (image[i]+2*s.Pad[i]-s.Kernel[i])/max(s.Stride[i], 1) + 1
	}
	return out
}

func (s Shape) check() error {
	if s.Channels < 1 || s.Maps < 1 || s.Height < 1 || s.Width < 1 {
		return fmt.Errorf("conv: convolution of %dx%dx%d images to %d maps: all must be positive", s.Channels, s.Height, s.Width, s.Maps)
	}
	image := [2]int{s.Height, s.Width}
	for i := range image {
		switch {
		case s.Kernel[i] < 1 || s.Stride[i] < 0 || s.Pad[i] < 0:
			return fmt.Errorf("conv: convolution with filters %v, stride %v, padding %v: must not be negative", s.Kernel, s.Stride, s.Pad)
		case s.Kernel[i] > image[i]+2*s.Pad[i]:
			return fmt.Errorf("conv: convolution: filter %v is larger than the image %v padded by %v", s.Kernel, image, s.Pad)
		}
	}
	return nil
}

// Window is the geometry of pooling, {height, width}; a stride of 0 means the
// size. Windows that do not fit at the right or the bottom are left out.
type Window struct{ Size, Stride [2]int }

func (w Window) normal() Window {
	for i := range w.Size {
		if w.Stride[i] == 0 {
			w.Stride[i] = w.Size[i]
		}
	}
	return w
}

// Out is the number of windows down and across an image.
func (w Window) Out(image [2]int) [2]int {
	w = w.normal()
	var out [2]int
	for i := range out {
		out[i] = (image[i]-w.Size[i])/w.Stride[i] + 1
	}
	return out
}

func (w Window) check(image [2]int) error {
	for i := range image {
		if w.Size[i] < 1 || w.Stride[i] < 0 || w.Size[i] > image[i] {
			return fmt.Errorf("conv: pooling window %v, stride %v on an image %v: must be positive and not larger than the image", w.Size, w.Stride, image)
		}
	}
	return nil
}

// up8 rounds up to whole vectors of eight.
func up8(n int) int { return (n + 7) &^ 7 }
