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
	blocks    []int // vectors of maps a block
	back      *Conv // the convolution that gives the input's gradient
}

// NewConv prepares a convolution of images in layout in to maps in layout out.
func NewConv(s ConvShape, in, out Layout) (*Conv, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	c := newConv(s, in, out)
	c.back = newConv(ConvShape{Channels: s.Maps, Height: s.Height + s.Kernel[0] - 1, Width: s.Width + s.Kernel[1] - 1,
		Maps: s.Channels, Kernel: s.Kernel}, NHWC, in)
	return c, nil
}

func newConv(s ConvShape, in, out Layout) *Conv {
	for i := range s.Stride {
		s.Stride[i] = max(s.Stride[i], 1)
	}
	return &Conv{
		ConvShape: s, in: in, out: out, outSize: s.Out(),
		tall: s.Height + 2*s.Pad[0], wide: s.Width + 2*s.Pad[1],
		rowLength: s.Kernel[1] * s.Channels,
		maps:      up8(s.Maps), blocks: tileBlocks(up8(s.Maps) / 8),
	}
}

// ImageLen is the floats of one image, MapLen those of its feature maps.
func (c *Conv) ImageLen() int { return c.Channels * c.Height * c.Width }
func (c *Conv) MapLen() int   { return c.Maps * c.outSize[0] * c.outSize[1] }

func (c *Conv) paddedLen() int { return c.tall * c.wide * c.Channels }

// direct tells whether images can be read where they are.
func (c *Conv) direct() bool {
	return c.Pad == [2]int{} && (c.in == NHWC || c.Channels == 1)
}

// image gives image i as padded NHWC, in place or copied to scratch.
func (c *Conv) image(x []float32, i int, s *ConvScratch) []float32 {
	n := c.ImageLen()
	one := x[i*n : (i+1)*n : (i+1)*n]
	if c.direct() {
		return one
	}
	padImage(s.image, one, c.in, c.Height, c.Width, c.Channels, c.Pad)
	return s.image
}

// ConvScratch is one worker's working memory for a [Conv] or a [ConvPool].
type ConvScratch struct {
	image []float32 // a padded image
	maps  []float32 // feature maps, NHWC, maps rounded up to whole vectors
	grad  []float32 // the gradient of feature maps, NHWC
	bias  []float32 // rounded up to whole vectors
	dx    []float32 // the gradient of a padded image, and a vector's room
	back  *ConvScratch
	arg   []uint8 // an argmax with the maps last
	list  sparseList
}

// NewScratch allocates what the methods need.
func (c *Conv) NewScratch() *ConvScratch {
	s := c.newScratch()
	s.grad = make([]float32, c.MapLen())
	s.back = c.back.newScratch()
	s.back.image = make([]float32, c.back.paddedLen())
	return s
}

func (c *Conv) newScratch() *ConvScratch {
	s := &ConvScratch{bias: make([]float32, c.maps), maps: make([]float32, c.outSize[0]*c.outSize[1]*c.maps)}
	if !c.direct() {
		s.image = make([]float32, c.paddedLen())
	}
	return s
}

// padBias copies a bias, nil for none, to whole vectors.
func (s *ConvScratch) padBias(bias []float32) []float32 {
	clear(s.bias[copy(s.bias, bias):])
	return s.bias
}
