package conv

import "unsafe"

// scratch is a worker's memory, cut from one workspace.
type scratch struct {
	image     []float32 // a padded image
	maps      []float32 // feature maps, NHWC, maps rounded up to whole vectors
	grad      []float32 // the gradient of feature maps, NHWC
	bias      []float32 // rounded up to whole vectors
	dx        []float32 // the gradient of a padded image, and a vector's room
	arg       []uint8   // an argmax with the maps last
	list      sparseList
	backMaps  []float32 // maps of the convolution that goes back
	backImage []float32 // its image
	backBias  []float32
}

// cutter hands out pieces of a workspace in whole cache lines. Without memory it
// only counts.
type cutter struct {
	rest []float32
	used int
}

func (c *cutter) floats(n int) []float32 {
	whole := (n + 15) &^ 15
	c.used += whole
	if c.rest == nil {
		return nil
	}
	piece := c.rest[:n:n]
	c.rest = c.rest[whole:]
	return piece
}

func (c *cutter) ints(n int) []int32 {
	piece := c.floats(n)
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(piece))), len(piece))
}

func (c *cutter) bytes(n int) []uint8 {
	piece := c.floats((n + 3) / 4)
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(piece))), min(n, 4*len(piece)))
}

func (c *cutter) spans(n int) []span {
	piece := c.floats(3 * n)
	return unsafe.Slice((*span)(unsafe.Pointer(unsafe.SliceData(piece))), len(piece)/3)
}

// list has room for as many values and spans, and for the vector that the
// assembly writes past the last value.
func (c *cutter) list(values, spans int) sparseList {
	return sparseList{at: c.ints(values + 16), value: c.floats(values + 16), spans: c.spans(spans)}
}

// WorkspaceLen is how many floats the methods need to work on.
func (c *Convolution) WorkspaceLen() int {
	var count cutter
	c.cut(&count)
	return count.used
}

func (c *Convolution) scratch(work []float32) scratch {
	return c.cut(&cutter{rest: work[:c.WorkspaceLen()]})
}

func (c *Convolution) cut(from *cutter) scratch {
	s := scratch{bias: from.floats(c.maps), maps: from.floats(c.outSize[0] * c.outSize[1] * c.maps), grad: from.floats(c.MapLen())}
	if !c.direct() {
		s.image = from.floats(c.paddedLen())
	}
	b := c.back
	s.backBias, s.backMaps, s.backImage = from.floats(b.maps), from.floats(b.outSize[0]*b.outSize[1]*b.maps), from.floats(b.paddedLen())
	return s
}

// WorkspaceLen is how many floats the methods need to work on.
func (p *Pooled) WorkspaceLen() int {
	var count cutter
	p.cut(&count)
	return count.used
}

func (p *Pooled) scratch(work []float32) scratch {
	return p.cut(&cutter{rest: work[:p.WorkspaceLen()]})
}

func (p *Pooled) cut(from *cutter) scratch {
	c, pixels := p.conv, len(p.corner)
	s := scratch{bias: from.floats(c.maps), grad: from.floats(pixels * c.maps), dx: from.floats(c.paddedLen() + 8)}
	if !c.direct() {
		s.image = from.floats(c.paddedLen())
	}
	s.arg, s.list = from.bytes(p.ArgLen()), from.list(pixels*c.maps, pixels*len(p.offset))
	s.list.wide = c.Channels%16 == 0
	if p.path == poolGeneric {
		pixels = c.outSize[0] * c.outSize[1]
	}
	s.maps = from.floats(pixels * c.maps)
	return s
}

// padBias copies a bias, nil for none, to whole vectors.
func padBias(whole, bias []float32) []float32 {
	clear(whole[copy(whole, bias):])
	return whole
}
