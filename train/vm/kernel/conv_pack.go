package kernel

// PackedLen is the floats that [Conv.Pack] writes.
func (c *Conv) PackedLen() int { return c.maps * c.Kernel[0] * c.rowLength }

// Pack arranges weights w (Maps, Channels, kh, kw) for [Conv.Forward]: blocks
// of maps, in each (filter row, column, channel, map).
func (c *Conv) Pack(dst, w []float32) {
	packTiles(dst[:c.PackedLen()], w, c.blocks, c.Maps, c.Channels, c.Kernel)
}

func packTiles(dst, w []float32, blocks []int, maps, channels int, kernel [2]int) {
	area := kernel[0] * kernel[1]
	first := 0
	for _, n := range blocks {
		block := dst[first*channels*area : (first+8*n)*channels*area]
		lanes := min(8*n, maps-first)
		if lanes < 8*n {
			clear(block)
		}
		for k := range lanes {
			filter := w[(first+k)*channels*area:][:channels*area]
			for ch := range channels {
				at := ch*8*n + k
				for _, v := range filter[ch*area:][:area] {
					block[at] = v
					at += channels * 8 * n
				}
			}
		}
		first += 8 * n
	}
}

// GradLen is the floats of the accumulator that [Conv.BackwardWeights] adds to:
// (map, filter row, column, channel) with rows padded to whole vectors, then the bias.
func (c *Conv) GradLen() int { return c.Maps*c.Kernel[0]*up8(c.rowLength) + c.Maps }

// UnpackGrad writes an accumulator as dw (Maps, Channels, kh, kw) and, if it is
// not nil, db (Maps).
func (c *Conv) UnpackGrad(dw, db, acc []float32) {
	row := up8(c.rowLength)
	area := c.Kernel[0] * c.Kernel[1]
	for k := range c.Maps {
		filter := dw[k*c.Channels*area:][:c.Channels*area]
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
		copy(db[:c.Maps], acc[c.Maps*c.Kernel[0]*row:])
	}
}
