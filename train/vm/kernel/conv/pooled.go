package conv

import (
	"fmt"
	"slices"
)

// Pooled is a convolution with bias, followed by max-pooling:
//
//	y = maxpool(conv(x, w) + bias)
//
// A monotone activation between the two may be applied to y instead, for
// act(max z) = max act(z). No map before pooling is stored; what is kept for the
// way back is each maximum's position. Like [Convolution] it is immutable, and its
// methods are sequential, allocate nothing and work on images [from, to), in work of
// WorkspaceLen floats or more that nobody else uses meanwhile.
type Pooled struct {
	conv   *Convolution
	window Window
	out    Layout
	pooled [2]int // windows down and across
	path   poolPath
	corner []int32 // where each window's patch begins in a padded image
	offset []int32 // from there to the patch of each position in the window
	byArg  []int32 // offset for every byte, so that a wrong argmax stays in bounds
}

// poolPath is how the layer runs.
type poolPath uint8

const (
	poolGeneric poolPath = iota // any window: whole maps in scratch, then pooling
	poolTiles                   // a tile is one 2x2 window
	poolPixels                  // one channel in, NCHW out: lanes are pixels
	poolTaps                    // one channel in, 3x3: lanes are maps, all weights in registers
)

// NewPooled prepares a convolution of images in layout in, pooled to layout out.
func NewPooled(s Shape, w Window, in, out Layout) (*Pooled, error) {
	conv, err := New(s, in, NHWC)
	if err != nil {
		return nil, err
	}
	if err := w.check(conv.outSize); err != nil {
		return nil, err
	}
	w = w.normal()
	if w.Size[0]*w.Size[1] > 256 {
		return nil, fmt.Errorf("conv: pooling window %v fused into a convolution: at most 256 positions; pool separately", w.Size)
	}
	p := &Pooled{conv: conv, window: w, out: out, pooled: w.Out(conv.outSize)}
	p.choosePath()
	row := conv.wide * conv.Channels
	for i := range p.pooled[0] * p.pooled[1] {
		y, x := i/p.pooled[1]*w.Stride[0]*conv.Stride[0], i%p.pooled[1]*w.Stride[1]*conv.Stride[1]
		p.corner = append(p.corner, int32(y*row+x*conv.Channels))
	}
	for i := range w.Size[0] * w.Size[1] {
		y, x := i/w.Size[1]*conv.Stride[0], i%w.Size[1]*conv.Stride[1]
		p.offset = append(p.offset, int32(y*row+x*conv.Channels))
	}
	p.byArg = make([]int32, 256)
	copy(p.byArg, p.offset)
	return p, nil
}

func (p *Pooled) choosePath() {
	c := p.conv
	single := c.Channels == 1 && c.Stride == [2]int{1, 1}
	switch {
	case p.window != Window{Size: [2]int{2, 2}, Stride: [2]int{2, 2}}:
		p.path = poolGeneric
	case single && p.out == NCHW && p.pooled[1]%4 == 0 && c.Maps > 1:
		p.path = poolPixels
	case single && p.out == NHWC && c.Kernel == [2]int{3, 3} && c.Maps%8 == 0:
		p.path = poolTaps
		c.blocks = slices.Repeat([]int{1}, c.Maps/8)
		if has.AVX512 && c.Maps%16 == 0 {
			c.blocks = slices.Repeat([]int{2}, c.Maps/16)
		}
	default:
		p.path = poolTiles
	}
}

// ImageLen is the floats of one image, MapLen those of its pooled maps.
func (p *Pooled) ImageLen() int { return p.conv.ImageLen() }
func (p *Pooled) MapLen() int   { return p.conv.Maps * len(p.corner) }

// ArgLen is the bytes of one image's argmax; their order is the kernel's own.
func (p *Pooled) ArgLen() int { return p.conv.maps * len(p.corner) }

// argSteps are an image's steps from window to window and from map to map in
// its argmax.
func (p *Pooled) argSteps() (window, mapStep int) {
	if p.path == poolPixels {
		return 1, len(p.corner)
	}
	return p.conv.maps, 1
}

// PackedLen is the floats that [Pooled.Pack] writes.
func (p *Pooled) PackedLen() int {
	if p.path == poolPixels {
		return p.conv.Maps * p.conv.Kernel[0] * p.conv.Kernel[1]
	}
	return p.conv.PackedLen()
}

// Pack arranges weights w (Maps, Channels, kh, kw) for [Pooled.Forward].
func (p *Pooled) Pack(dst, w []float32) {
	if p.path == poolPixels {
		copy(dst[:p.PackedLen()], w)
		return
	}
	p.conv.Pack(dst, w)
}
