package conv

// Forward computes the feature maps y of images [from, to) of the batch x.
// packed comes from [Convolution.Pack]; bias (Maps) may be nil.
func (c *Convolution) Forward(y, x, packed, bias, work []float32, from, to int) {
	s := c.scratch(work)
	bias = padBias(s.bias, bias)
	n := c.MapLen()
	for i := from; i < to; i++ {
		c.forwardImage(y[i*n:(i+1)*n:(i+1)*n], c.image(x, i, s.image), packed, bias, s.maps)
	}
}

// forwardImage convolves one padded image, by way of maps.
func (c *Convolution) forwardImage(y, image, packed, bias, maps []float32) {
	if c.out == NHWC && c.maps == c.Maps {
		c.tiles(y, image, packed, bias)
		return
	}
	c.tiles(maps, image, packed, bias)
	arrange(y, maps, c.out, c.outSize[0]*c.outSize[1], c.Maps, c.maps)
}

// tiles convolves one padded image to NHWC maps rounded up to whole vectors.
func (c *Convolution) tiles(y, x, packed, bias []float32) {
	start := 0
	for _, n := range c.blocks {
		w := packed[start*c.Kernel[0]*c.rowLength:][:8*n*c.Kernel[0]*c.rowLength]
		if c.outSize[1] < 4 {
			c.narrowTiles(n, y[start:], x, w, bias[start:start+8*n])
		} else {
			c.wideTiles(n, y[start:], x, w, bias[start:start+8*n])
		}
		start += 8 * n
	}
}

// wideTiles takes four neighbours in a row at a time; the last tile of a row
// overlaps the one before.
func (c *Convolution) wideTiles(n int, y, x, w, bias []float32) {
	cols := c.outSize[1]
	pixel := c.Stride[1] * c.Channels
	t := c.tileRow()
	t.step, t.yStep = 4*pixel, 4*c.maps
	t.pixel = [3]int{pixel, 2 * pixel, 3 * pixel}
	t.yPixel = [3]int{c.maps, 2 * c.maps, 3 * c.maps}
	for i := range c.outSize[0] {
		in := x[i*c.Stride[0]*t.rowStep:]
		t.count = cols / 4
		tiles(n, tileStore, y[i*cols*c.maps:], nil, in, w, bias, &t)
		if cols%4 != 0 {
			t.count = 1
			tiles(n, tileStore, y[(i*cols+cols-4)*c.maps:], nil, in[(cols-4)*pixel:], w, bias, &t)
		}
	}
}

// narrowTiles takes any four pixels in order; the last tile repeats the last pixel.
func (c *Convolution) narrowTiles(n int, y, x, w, bias []float32) {
	pixels := c.outSize[0] * c.outSize[1]
	t := c.tileRow()
	t.count = 1
	for p := 0; p < pixels; p += 4 {
		corner := c.corner(p)
		for j := range t.pixel {
			q := min(p+j+1, pixels-1)
			t.pixel[j] = c.corner(q) - corner
			t.yPixel[j] = (q - p) * c.maps
		}
		tiles(n, tileStore, y[p*c.maps:], nil, x[corner:], w, bias, &t)
	}
}

// tileRow has the filter's part of a row of tiles.
func (c *Convolution) tileRow() tileRow {
	return tileRow{rows: c.Kernel[0], rowStep: c.wide * c.Channels, length: c.rowLength}
}

// corner is where an output pixel's patch begins in a padded image.
func (c *Convolution) corner(pixel int) int {
	i, j := pixel/c.outSize[1], pixel%c.outSize[1]
	return (i*c.Stride[0]*c.wide + j*c.Stride[1]) * c.Channels
}
