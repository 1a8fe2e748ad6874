package conv

// Forward computes the pooled maps y of images [from, to) of the batch x, and
// their argmax ([Pooled.ArgLen] bytes an image) unless arg is nil. packed
// comes from [Pooled.Pack]; bias (Maps) may be nil.
func (p *Pooled) Forward(y []float32, arg []uint8, x, packed, bias, work []float32, from, to int) {
	s := p.scratch(work)
	bias = padBias(s.bias, bias)
	packed = packed[:p.PackedLen()]
	mode := tileArgmax
	if arg == nil {
		mode = tileMax
	}
	n, m := p.MapLen(), p.ArgLen()
	for i := from; i < to; i++ {
		out, image := y[i*n:(i+1)*n:(i+1)*n], p.conv.image(x, i, s.image)
		var at []uint8
		if arg != nil {
			at = arg[i*m : (i+1)*m : (i+1)*m]
		}
		switch {
		case p.path == poolPixels:
			p.pixels(mode, out, at, image, packed, bias)
		case p.path == poolGeneric:
			p.conv.tiles(s.maps, image, packed, bias)
			p.poolMaps(out, at, s.maps)
		case p.out == NHWC && p.conv.maps == p.conv.Maps:
			p.windows(mode, out, at, image, packed, bias)
		default:
			p.windows(mode, s.maps, at, image, packed, bias)
			arrange(out, s.maps, p.out, len(p.corner), p.conv.Maps, p.conv.maps)
		}
	}
}

// windows runs one padded image in tiles of one 2x2 window each, to NHWC maps
// rounded up to whole vectors.
func (p *Pooled) windows(mode tileMode, y []float32, arg []uint8, x, packed, bias []float32) {
	c := p.conv
	pixel, row := c.Stride[1]*c.Channels, c.Stride[0]*c.wide*c.Channels
	t := c.tileRow()
	t.count, t.step, t.yStep, t.argStep = p.pooled[1], 2*pixel, c.maps, c.maps
	t.pixel = [3]int{pixel, row, row + pixel}
	start := 0
	for _, n := range c.blocks {
		w := packed[start*c.Kernel[0]*c.rowLength:][:8*n*c.Kernel[0]*c.rowLength]
		for i := range p.pooled[0] {
			to := i*p.pooled[1]*c.maps + start
			var at []uint8
			if mode == tileArgmax {
				at = arg[to:]
			}
			if p.path == poolTaps {
				taps(n, mode, y[to:], at, x[i*2*row:], w, bias[start:], &t)
			} else {
				tiles(n, mode, y[to:], at, x[i*2*row:], w, bias[start:], &t)
			}
		}
		start += 8 * n
	}
}

// poolMaps pools one image's NHWC maps, rounded up to whole vectors, to y.
func (p *Pooled) poolMaps(y []float32, arg []uint8, maps []float32) {
	c := p.conv
	yStep, yMap := p.steps()
	for i := range p.corner {
		top, left := i/p.pooled[1]*p.window.Stride[0], i%p.pooled[1]*p.window.Stride[1]
		corner := (top*c.outSize[1] + left) * c.maps
		for k := range c.Maps {
			best, position := maps[corner+k], 0
			for q := range p.offset {
				v := maps[corner+(q/p.window.Size[1]*c.outSize[1]+q%p.window.Size[1])*c.maps+k]
				if !(v <= best) && best == best {
					best, position = v, q
				}
			}
			y[i*yStep+k*yMap] = best
			if arg != nil {
				arg[i*c.maps+k] = uint8(position)
			}
		}
	}
}

// steps are an image's steps from window to window and from map to map in y.
func (p *Pooled) steps() (window, mapStep int) {
	if p.out == NCHW {
		return 1, len(p.corner)
	}
	return p.conv.Maps, 1
}
