package conv

import "symgrad/train/vm/kernel/vec"

// PackedLen is the floats that [Convolution.Pack] writes.
func (c *Convolution) PackedLen() int { return c.maps * c.Kernel[0] * c.rowLength }

// Pack arranges weights w (Maps, Channels, kh, kw) for Forward: blocks of maps,
// in each (filter row, column, channel, map).
func (c *Convolution) Pack(dst, w []float32) {
	area := c.Kernel[0] * c.Kernel[1]
	packTiles(dst[:c.PackedLen()], w, c.blocks, filterSteps{maps: c.Maps, map_: c.Channels * area, channels: c.Channels, channel: area, taps: area, tap: 1})
}

// filterSteps says where weights lie: the index of one is first + map*map_ +
// channel*channel + tap*tap.
type filterSteps struct {
	first, maps, map_, channels, channel, taps, tap int
}

func packTiles(dst, w []float32, blocks []int, f filterSteps) {
	start := 0
	for _, n := range blocks {
		block := dst[start*f.channels*f.taps:][:8*n*f.channels*f.taps]
		lanes := min(8*n, f.maps-start)
		if lanes < 8*n {
			clear(block)
		}
		if f.tap == 1 {
			for ch := range f.channels {
				vec.Transpose(block[ch*8*n:], f.channels*8*n, w[f.first+start*f.map_+ch*f.channel:], f.map_, lanes, f.taps)
			}
			start += 8 * n
			continue
		}
		at := 0
		for tap := range f.taps {
			for ch := range f.channels {
				from := f.first + start*f.map_ + ch*f.channel + tap*f.tap
				for k := range block[at : at+lanes] {
					block[at+k] = w[from]
					from += f.map_
				}
				at += 8 * n
			}
		}
		start += 8 * n
	}
}

// PackedInputLen is the floats that [Convolution.PackInput] writes.
func (c *Convolution) PackedInputLen() int { return c.back.PackedLen() }

// PackInput arranges weights w (Maps, Channels, kh, kw) for BackwardInput,
// which is a convolution by the filters turned by 180 degrees, maps and
// channels exchanged.
func (c *Convolution) PackInput(dst, w []float32) {
	area := c.Kernel[0] * c.Kernel[1]
	packTiles(dst[:c.PackedInputLen()], w, c.back.blocks, filterSteps{first: area - 1,
		maps: c.Channels, map_: area, channels: c.Maps, channel: c.Channels * area, taps: area, tap: -1})
}

// GradLen is the floats of the accumulator that BackwardWeights adds to: (map,
// filter row, column, channel) with rows padded to whole vectors, then the bias.
func (c *Convolution) GradLen() int { return c.Maps*c.Kernel[0]*up8(c.rowLength) + c.Maps }

// biasGrad is the accumulator's part for the bias.
func (c *Convolution) biasGrad(acc []float32) []float32 { return acc[c.GradLen()-c.Maps : c.GradLen()] }

// UnpackGrad writes an accumulator as dw (Maps, Channels, kh, kw) and, if it is
// not nil, db (Maps).
func (c *Convolution) UnpackGrad(dw, db, acc []float32) {
	row := up8(c.rowLength)
	area := c.Kernel[0] * c.Kernel[1]
	for k := range c.Maps {
		filter := dw[k*c.Channels*area:][:c.Channels*area]
		if row == c.rowLength {
			vec.Transpose(filter, area, acc[k*c.Kernel[0]*row:], c.Channels, area, c.Channels)
			continue
		}
		for u := range c.Kernel[0] {
			src := acc[(k*c.Kernel[0]+u)*row:][:c.rowLength]
			for v := range c.Kernel[1] {
				at := u*c.Kernel[1] + v
				for _, g := range src[v*c.Channels:][:c.Channels] {
					filter[at] = g
					at += area
				}
			}
		}
	}
	if db != nil {
		copy(db[:c.Maps], c.biasGrad(acc))
	}
}
