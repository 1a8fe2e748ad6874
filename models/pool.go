package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// MaxPool keeps the largest value of each Size x Size window. What does not
// fill a window at the right or the bottom is left out; of equal values the
// first gets the gradient.
type MaxPool struct {
	Size   int
	Stride int // 0 means Size
}

func (MaxPool) Kind() string { return "pool" }

func (p MaxPool) String() string { return "max-pool " + window(p.Size, p.Stride) }

func (p MaxPool) Shape(in []int) ([]int, error) { return poolShape(p.Size, p.Stride, in) }

func (MaxPool) Weights([]int) []Weight { return nil }

func (p MaxPool) Apply(_ *Builder, x *G.Node, _ G.Nodes) (*G.Node, error) {
	return ops.MaxPool(x, square(p.Size), square(stride(p.Size, p.Stride)))
}

// MeanPool averages each Size x Size window, with [MaxPool]'s geometry.
type MeanPool struct {
	Size   int
	Stride int // 0 means Size
}

func (MeanPool) Kind() string { return "pool" }

func (p MeanPool) String() string { return "mean-pool " + window(p.Size, p.Stride) }

func (p MeanPool) Shape(in []int) ([]int, error) { return poolShape(p.Size, p.Stride, in) }

func (MeanPool) Weights([]int) []Weight { return nil }

func (p MeanPool) Apply(_ *Builder, x *G.Node, _ G.Nodes) (*G.Node, error) {
	return ops.MeanPool(x, square(p.Size), square(stride(p.Size, p.Stride)))
}

func poolShape(size, step int, in []int) ([]int, error) {
	switch {
	case size < 1 || step < 0:
		return nil, fmt.Errorf("window %s: size and stride must be positive", window(size, step))
	case len(in) != 3:
		return nil, fmt.Errorf("input %v, want an image (channels, height, width)", in)
	case in[1] < size || in[2] < size:
		return nil, fmt.Errorf("window %dx%d is larger than the image %dx%d", size, size, in[1], in[2])
	}
	s := stride(size, step)
	return []int{in[0], (in[1]-size)/s + 1, (in[2]-size)/s + 1}, nil
}

func stride(size, step int) int {
	if step == 0 {
		return size
	}
	return step
}

func window(size, step int) string {
	if stride(size, step) == size {
		return fmt.Sprintf("%dx%d", size, size)
	}
	return fmt.Sprintf("%dx%d stride %d", size, size, step)
}
