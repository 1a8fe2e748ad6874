package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// Conv2D slides Maps filters of Kernel x Kernel over images: the
// cross-correlation of x (B, C, H, W) with weights (Maps, C, Kernel, Kernel),
// plus one bias a feature map.
type Conv2D struct {
	Maps, Kernel int
	Stride       int  // 0 means 1
	Same         bool // pad with zeros so that stride 1 keeps height and width; else no padding ("valid")
	NoBias       bool
}

func (Conv2D) Kind() string { return "conv" }

func (c Conv2D) String() string {
	s := fmt.Sprintf("conv %d@%dx%d", c.Maps, c.Kernel, c.Kernel)
	if c.step() > 1 {
		s += fmt.Sprintf(" stride %d", c.step())
	}
	if c.Same {
		s += " same"
	}
	return s + noBias(c.NoBias)
}

func (c Conv2D) step() int { return max(c.Stride, 1) }

// Pad is the number of zero rows and columns on each side.
func (c Conv2D) Pad() int {
	if c.Same {
		return (c.Kernel - 1) / 2
	}
	return 0
}

func (c Conv2D) Shape(in []int) ([]int, error) {
	switch {
	case c.Maps < 1 || c.Kernel < 1 || c.Stride < 0:
		return nil, fmt.Errorf("%d maps of %dx%d, stride %d: all must be positive", c.Maps, c.Kernel, c.Kernel, c.Stride)
	case c.Same && c.Kernel%2 == 0:
		return nil, fmt.Errorf("kernel %dx%d: same padding needs an odd kernel", c.Kernel, c.Kernel)
	case len(in) != 3:
		return nil, fmt.Errorf("input %v, want an image (channels, height, width)", in)
	}
	out := []int{c.Maps, 0, 0}
	for i, n := range in[1:] {
		if n+2*c.Pad() < c.Kernel {
			return nil, fmt.Errorf("kernel %dx%d is larger than the image %dx%d", c.Kernel, c.Kernel, in[1], in[2])
		}
		out[i+1] = (n+2*c.Pad()-c.Kernel)/c.step() + 1
	}
	return out, nil
}

func (c Conv2D) Weights(in []int) []Weight {
	area := c.Kernel * c.Kernel
	fan := Fan{In: in[0] * area, Out: c.Maps * area, Shape: []int{c.Maps, in[0], c.Kernel, c.Kernel}}
	w := []Weight{{Suffix: "weight", Shape: fan.Shape, Fan: fan}}
	if c.NoBias {
		return w
	}
	return append(w, Weight{Suffix: "bias", Shape: []int{c.Maps}, Fan: fan, Bias: true})
}

func (c Conv2D) Apply(_ *Builder, x *G.Node, w G.Nodes) (*G.Node, error) {
	y, err := ops.Conv2D(x, w[0], square(c.step()), square(c.Pad()))
	if err != nil || c.NoBias {
		return y, err
	}
	return ops.AddBias(y, w[1])
}

func square(n int) [2]int { return [2]int{n, n} }
