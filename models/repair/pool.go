package repair

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// AveragePool2D averages windows of images (B, C, H, W). Padding counts as zeros:
// pad is (rows, columns), on both sides, or (north, south, west, east).
//
// Gorgonia's divides by the width of the images and gives the gradient to the last
// number of a window.
func AveragePool2D(x *G.Node, kernel tensor.Shape, pad, stride []int) (*G.Node, error) {
	if x.Dims() != 4 || len(kernel) != 2 || len(stride) != 2 || len(pad) != 2 && len(pad) != 4 {
		return nil, fmt.Errorf("repair: an average pool of %v by %v, padding %v, stride %v: want (B, C, H, W), two sizes, two or four paddings, two strides", x.Shape(), kernel, pad, stride)
	}
	if len(pad) == 2 {
		pad = []int{pad[0], pad[0], pad[1], pad[1]}
	}
	var b builder
	if x = b.padded(x, [4]int(pad), 0); b.err != nil {
		return nil, b.err
	}
	return ops.MeanPool(x, [2]int{kernel[0], kernel[1]}, [2]int{stride[0], stride[1]})
}

// AveragePool1D averages windows of the last axis of images (B, C, H, W).
//
// Gorgonia's is a maximum.
func AveragePool1D(x *G.Node, kernel, pad, stride int) (*G.Node, error) {
	return AveragePool2D(x, tensor.Shape{1, kernel}, []int{0, pad}, []int{1, stride})
}

// padded puts rows and columns of one number around images, (north, south, west,
// east) of them.
func (b *builder) padded(x *G.Node, pad [4]int, with float64) *G.Node {
	for i, by := range pad {
		if by < 0 {
			return b.keep(nil, fmt.Errorf("repair: padding of %d", by))
		}
		if b.err != nil || by == 0 {
			continue
		}
		shape := x.Shape().Clone()
		shape[2+i/2] = by
		parts := G.Nodes{filled(x, shape, with), x}
		if i%2 == 1 {
			slices.Reverse(parts)
		}
		x = b.keep(G.Concat(2+i/2, parts...))
	}
	return x
}

// pick is the derivative of a max-pool's gradient by dy: what dy's own slope u is
// where each window has its maximum, never in the padding.
func (b *builder) pick(p stock.MaxPool, pad [2]int, x, u *G.Node) *G.Node {
	around := [4]int{pad[0], pad[0], pad[1], pad[1]}
	return b.apply(ops.MaxPoolPickOp{Pool: ops.Pool{Size: p.Size, Stride: p.Stride}}, b.padded(x, around, math.Inf(-1)), b.padded(u, around, 0))
}

// GlobalAveragePool2D averages each map of images (B, C, H, W): (B, C, 1, 1).
//
// Gorgonia's has no gradient.
func GlobalAveragePool2D(x *G.Node) (*G.Node, error) {
	if x.Dims() != 4 {
		return nil, fmt.Errorf("repair: a global average of %v: want (B, C, H, W)", x.Shape())
	}
	s := x.Shape()
	var b builder
	maps := b.reshape(x, s[0]*s[1], s[2]*s[3])
	return b.reshape(b.scale(b.sum(maps, 1), 1/float64(s[2]*s[3])), s[0], s[1], 1, 1), b.err
}
