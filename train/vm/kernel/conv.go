package kernel

// Conv is a convolution layer prepared for one geometry: the cross-correlation
//
//	y[b,k,i,j] = bias[k] + sum_{c,u,v} x[b, c, i*stride+u-pad, j*stride+v-pad] w[k,c,u,v]
//
// with images in either layout. It is immutable and may be shared; every method
// is sequential, allocates nothing, and works on images [from, to) of a batch.
// Weights are packed once a step.
type Conv struct {
	ConvShape
	in, out   Layout
	outSize   [2]int
	tall      int // height and width of a padded image
	wide      int
	rowLength int   // of a filter row in an NHWC image
	maps      int   // rounded up to whole vectors
	blocks    []int // vectors a block
}

// NewConv prepares a convolution of images in layout in to maps in layout out.
func NewConv(s ConvShape, in, out Layout) (*Conv, error) {
	for i := range s.Stride {
		if s.Stride[i] == 0 {
			s.Stride[i] = 1
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return &Conv{
		ConvShape: s, in: in, out: out, outSize: s.Out(),
		tall: s.Height + 2*s.Pad[0], wide: s.Width + 2*s.Pad[1],
		rowLength: s.Kernel[1] * s.Channels,
		maps:      up8(s.Maps), blocks: tileBlocks(up8(s.Maps) / 8),
	}, nil
}

// ImageLen and MapLen are the floats of one image and of its feature maps.
func (c *Conv) ImageLen() int { return c.Channels * c.Height * c.Width }
func (c *Conv) MapLen() int   { return c.Maps * c.outSize[0] * c.outSize[1] }

func (c *Conv) paddedLen() int { return c.tall * c.wide * c.Channels }

// direct tells whether images can be read where they are.
func (c *Conv) direct() bool {
	return c.Pad == [2]int{} && (c.in == NHWC || c.Channels == 1 || c.Height*c.Width == 1)
}

// image gives image i as padded NHWC, in place or copied to scratch.
func (c *Conv) image(x []float32, i int, scratch []float32) []float32 {
	n := c.ImageLen()
	one := x[i*n : (i+1)*n : (i+1)*n]
	if c.direct() {
		return one
	}
	dst := scratch[:c.paddedLen()]
	padImage(dst, one, c.in, c.Height, c.Width, c.Channels, c.Pad)
	return dst
}

// ConvScratch is one worker's working memory for a [Conv] or a [ConvPool].
type ConvScratch struct {
	image []float32 // a padded image
	maps  []float32 // feature maps, NHWC, maps rounded up to whole vectors
	grad  []float32 // gradients in the order that the kernels want
	bias  []float32 // rounded up to whole vectors
	list  sparseList
}

// NewScratch allocates what the methods need.
func (c *Conv) NewScratch() *ConvScratch {
	s := &ConvScratch{bias: make([]float32, c.maps)}
	s.image = make([]float32, c.paddedLen()+8)
	s.maps = make([]float32, c.outSize[0]*c.outSize[1]*c.maps)
	s.grad = make([]float32, max(c.spreadLen(), c.MapLen()))
	return s
}

// padBias copies a bias, nil for none, to whole vectors.
func (s *ConvScratch) padBias(bias []float32) []float32 {
	clear(s.bias[copy(s.bias, bias):])
	return s.bias
}
