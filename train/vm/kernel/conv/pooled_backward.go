package conv

import "symgrad/train/vm/kernel/vec"

// GradLen is the floats of the accumulator that [Pooled.BackwardWeights] adds to.
func (p *Pooled) GradLen() int {
	if p.path == poolTaps {
		return p.conv.Maps * (p.conv.Kernel[0]*p.conv.Kernel[1] + 1)
	}
	return p.conv.GradLen()
}

// UnpackGrad writes an accumulator as dw (Maps, Channels, kh, kw) and, if it is
// not nil, db (Maps).
func (p *Pooled) UnpackGrad(dw, db, acc []float32) {
	if p.path != poolTaps {
		p.conv.UnpackGrad(dw, db, acc)
		return
	}
	c := p.conv
	area := c.Kernel[0] * c.Kernel[1]
	for k := range c.Maps { // acc is (block of 8 maps, tap or bias, map)
		block := acc[k/8*8*(area+1)+k%8:]
		for tap := range area {
			dw[k*area+tap] = block[8*tap]
		}
		if db != nil {
			db[k] = block[8*area]
		}
	}
}

// BackwardWeights adds to acc ([Pooled.GradLen] floats) the gradients of
// weights and bias from images [from, to) of x, from the gradient dz of their
// pooled maps (with respect to the maximum itself, before any activation) and
// their argmax. Only the maxima have a gradient, and a gradient of zero is
// passed over, so that zero times an infinite input counts as zero. The sum
// runs image after image, whatever the ranges it is computed in.
func (p *Pooled) BackwardWeights(acc, x, dz []float32, arg []uint8, work []float32, from, to int) {
	s := p.scratch(work)
	n, m := p.MapLen(), p.ArgLen()
	for i := from; i < to; i++ {
		image := p.conv.image(x, i, s.image)
		grad, at := dz[i*n:(i+1)*n:(i+1)*n], arg[i*m:(i+1)*m:(i+1)*m]
		if p.path == poolTaps {
			p.tapGrads(acc, image, grad, at)
		} else {
			p.patchGrads(acc, image, grad, at, &s)
		}
	}
}

// patchGrads does one image by lists of each map's gradients.
func (p *Pooled) patchGrads(acc, image, dz []float32, arg []uint8, s *scratch) {
	c := p.conv
	row := up8(c.rowLength)
	dzStep, dzMap := p.steps()
	argStep, argMap := p.argSteps()
	bias := c.biasGrad(acc)
	for k := range c.Maps {
		n, sum := gather(&s.list, dz[k*dzMap:], dzStep, arg[k*argMap:], argStep, p.corner, p.byArg)
		bias[k] += sum
		if n == 0 {
			continue
		}
		patches(acc[k*c.Kernel[0]*row:][:c.Kernel[0]*row], image, s.list.at[:n], s.list.value[:n], c.Kernel[0], c.rowLength, c.wide*c.Channels)
	}
}

// PackedInputLen is the floats that [Pooled.PackInput] writes.
func (p *Pooled) PackedInputLen() int {
	return p.conv.Maps * p.conv.Kernel[0] * up8(p.conv.rowLength)
}

// PackInput arranges weights w (Maps, Channels, kh, kw) for
// [Pooled.BackwardInput]: (map, filter row, column, channel), rows padded to
// whole vectors.
func (p *Pooled) PackInput(dst, w []float32) {
	c := p.conv
	row, area := up8(c.rowLength), c.Kernel[0]*c.Kernel[1]
	for k := range c.Maps {
		filter, out := w[k*c.Channels*area:][:c.Channels*area], dst[k*c.Kernel[0]*row:][:c.Kernel[0]*row]
		if row == c.rowLength {
			vec.Transpose(out, c.Channels, filter, area, c.Channels, area)
			continue
		}
		for u := range c.Kernel[0] {
			vec.Transpose(out[u*row:], c.Channels, filter[u*c.Kernel[1]:], area, c.Channels, c.Kernel[1])
			clear(out[u*row:][c.rowLength:row])
		}
	}
}

// BackwardInput computes dx, the gradient of images [from, to), from dz and the
// argmax as in [Pooled.BackwardWeights]. packed comes from [Pooled.PackInput].
// A gradient that is not finite may also make NaN of pixels right of its patch.
func (p *Pooled) BackwardInput(dx, dz, packed []float32, arg []uint8, work []float32, from, to int) {
	s := p.scratch(work)
	c := p.conv
	row := up8(c.rowLength)
	n, m, size := p.MapLen(), p.ArgLen(), c.ImageLen()
	packed = packed[:p.PackedInputLen()]
	inPlace := c.direct() && c.rowLength == row
	for i := from; i < to; i++ {
		p.list(dz[i*n:(i+1)*n:(i+1)*n], arg[i*m:(i+1)*m:(i+1)*m], &s)
		image := dx[i*size : (i+1)*size : (i+1)*size]
		grad := s.dx
		if inPlace {
			grad = image
		}
		clear(grad)
		for u := range c.Kernel[0] {
			spread(grad[u*c.wide*c.Channels:], packed[u*row:], &s.list, row)
		}
		if !inPlace {
			cropImage(image, grad, c.in, c.Height, c.Width, c.Channels, c.Pad)
		}
	}
}

// list orders one image's gradients by position, then by map.
func (p *Pooled) list(dz []float32, arg []uint8, s *scratch) {
	c := p.conv
	row := up8(c.rowLength)
	if p.out == NCHW || c.maps != c.Maps {
		dz = p.mapsLast(dz, s)
	}
	if p.path == poolPixels {
		for i, position := range arg {
			if k := i / len(p.corner); k < c.Maps {
				s.arg[i%len(p.corner)*c.maps+k] = position
			}
		}
		arg = s.arg
	}
	positions := len(p.offset)
	s.list.spans = s.list.spans[:len(p.corner)*positions]
	n := 0
	for i, corner := range p.corner {
		spans := s.list.spans[i*positions:][:positions]
		for q := range spans {
			spans[q].to = corner + p.offset[q]
		}
		n = compress(&s.list, n, spans, dz[i*c.maps:][:c.maps], arg[i*c.maps:][:c.maps], c.Kernel[0]*row)
	}
}

// mapsLast copies an image's gradients to NHWC, maps rounded up to whole vectors.
func (p *Pooled) mapsLast(dz []float32, s *scratch) []float32 {
	c := p.conv
	if c.maps != c.Maps {
		clear(s.grad)
	}
	if p.out == NCHW {
		vec.Transpose(s.grad, c.maps, dz, len(p.corner), c.Maps, len(p.corner))
	} else {
		for i := range p.corner {
			copy(s.grad[i*c.maps:], dz[i*c.Maps:][:c.Maps])
		}
	}
	return s.grad
}
