// Package conv is convolution, alone ([Convolution]) and with max-pooling
// ([Pooled]), of float32 images.
//
// Each kernel exists as assembly for AVX2 and FMA, most for AVX-512 too, generated
// by gen, and as a twin in Go for every other processor, which the build tag purego
// or GODEBUG=cpu.avx2=off forces; GODEBUG=cpu.avx512f=off leaves AVX2. Slices'
// lengths are checked before assembly is entered; nothing allocates.
//
// Results do not depend on how a batch is cut into parts, and are the same to the
// bit with AVX2, with AVX-512 and in the twins, on every platform.
package conv

import "symgrad/train/vm/kernel/cpu"

// has is a variable for the tests of the twins.
var has = cpu.Host()

// Convolution is a convolution layer prepared for one geometry: the cross-correlation
//
//	y[b,k,i,j] = bias[k] + sum_{c,u,v} x[b, c, i*stride+u-pad, j*stride+v-pad] w[k,c,u,v]
//
// with images in either layout. It is immutable and may be shared; every method
// is sequential, allocates nothing, and works on images [from, to) of a batch, in
// work of WorkspaceLen floats or more that nobody else uses meanwhile.
// Weights are packed once a step.
type Convolution struct {
	Shape
	in, out   Layout
	outSize   [2]int
	tall      int // height and width of a padded image
	wide      int
	rowLength int          // of a filter row in an NHWC image
	maps      int          // rounded up to whole vectors
	blocks    []int        // vectors of maps a block
	back      *Convolution // the convolution that gives the input's gradient
}

// New prepares a convolution of images in layout in to maps in layout out.
func New(s Shape, in, out Layout) (*Convolution, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	c := newConv(s, in, out)
	c.back = newConv(Shape{Channels: s.Maps, Height: s.Height + s.Kernel[0] - 1, Width: s.Width + s.Kernel[1] - 1,
		Maps: s.Channels, Kernel: s.Kernel}, NHWC, in)
	return c, nil
}

func newConv(s Shape, in, out Layout) *Convolution {
	for i := range s.Stride {
		s.Stride[i] = max(s.Stride[i], 1)
	}
	return &Convolution{
		Shape: s, in: in, out: out, outSize: s.Out(),
		tall: s.Height + 2*s.Pad[0], wide: s.Width + 2*s.Pad[1],
		rowLength: s.Kernel[1] * s.Channels,
		maps:      up8(s.Maps), blocks: tileBlocks(up8(s.Maps) / 8),
	}
}

// ImageLen is the floats of one image, MapLen those of its feature maps.
func (c *Convolution) ImageLen() int { return c.Channels * c.Height * c.Width }
func (c *Convolution) MapLen() int   { return c.Maps * c.outSize[0] * c.outSize[1] }

func (c *Convolution) paddedLen() int { return c.tall * c.wide * c.Channels }

// direct tells whether images can be read where they are.
func (c *Convolution) direct() bool {
	return c.Pad == [2]int{} && (c.in == NHWC || c.Channels == 1)
}

// image gives image i as padded NHWC, in place or copied.
func (c *Convolution) image(x []float32, i int, padded []float32) []float32 {
	n := c.ImageLen()
	one := x[i*n : (i+1)*n : (i+1)*n]
	if c.direct() {
		return one
	}
	padImage(padded, one, c.in, c.Height, c.Width, c.Channels, c.Pad)
	return padded
}
