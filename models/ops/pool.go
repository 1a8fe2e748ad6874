package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Pool is the geometry of pooling: windows of Size every Stride, those that do
// not fit at the right or the bottom left out, no padding.
type Pool struct{ Size, Stride [2]int }

// Geometry for images of a shape (B, C, H, W).
func (p Pool) Geometry(x []int) Geometry {
	return Geometry{Batch: x[0], Channels: x[1], Maps: x[1], Image: [2]int{x[2], x[3]}, Window: p.Size, Stride: p.Stride}
}

func (p Pool) String() string { return fmt.Sprintf("{size %v, stride %v}", p.Size, p.Stride) }

// shape gives the output's shape (B, C, OH, OW).
func (p Pool) shape(op fmt.Stringer, in []G.DimSizer) (tensor.Shape, error) {
	s, err := shapes(op, in, 4)
	if err != nil {
		return nil, err
	}
	g := p.Geometry(s[0])
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("ops: %v: images %v: %w", op, s[0], err)
	}
	out := g.Out()
	return tensor.Shape{s[0][0], s[0][1], out[0], out[1]}, nil
}

// windows visits every window of every channel: o is the output's index, at
// that of the window's first element in the image.
func (g Geometry) windows(visit func(o, at int)) {
	out := g.Out()
	o := 0
	for plane := range g.Batch * g.Channels {
		for i := range out[0] {
			for j := range out[1] {
				visit(o, (plane*g.Image[0]+i*g.Stride[0])*g.Image[1]+j*g.Stride[1])
				o++
			}
		}
	}
}
