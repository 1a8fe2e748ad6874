package conv

import "symgrad/train/vm/kernel/vec"

// BackwardInput computes dx, the gradient of images [from, to), from dy, the
// gradient of their feature maps. packed comes from [Convolution.PackInput]. It
// convolves dy, spread by the stride and framed with zeros, with the turned
// filters. Dumoulin and Visin, "A guide to convolution arithmetic for deep
// learning" (2016), section 4.
func (c *Convolution) BackwardInput(dx, dy, packed, work []float32, from, to int) {
	s := c.scratch(work)
	bias := padBias(s.backBias, nil)
	n := c.ImageLen()
	for i := from; i < to; i++ {
		c.spread(s.backImage, c.mapsGrad(dy, i, s.grad))
		c.back.forwardImage(dx[i*n:(i+1)*n:(i+1)*n], s.backImage, packed, bias, s.backMaps)
	}
}

// mapsGrad gives the gradient of image i's maps as NHWC, in place or copied.
func (c *Convolution) mapsGrad(dy []float32, i int, nhwc []float32) []float32 {
	n := c.MapLen()
	one := dy[i*n : (i+1)*n : (i+1)*n]
	if c.out == NHWC || c.Maps == 1 {
		return one
	}
	pixels := c.outSize[0] * c.outSize[1]
	vec.Transpose(nhwc, c.Maps, one, pixels, c.Maps, pixels)
	return nhwc
}

// spread sets the gradient of every output pixel where the turned filter meets
// it, and zeros elsewhere. What only ever saw padding is left out.
func (c *Convolution) spread(dst, dy []float32) {
	clear(dst)
	for i := range c.outSize[0] {
		y := i*c.Stride[0] + c.Kernel[0] - 1 - c.Pad[0]
		if y < 0 || y >= c.back.Height {
			continue
		}
		for j := range c.outSize[1] {
			x := j*c.Stride[1] + c.Kernel[1] - 1 - c.Pad[1]
			if x < 0 || x >= c.back.Width {
				continue
			}
			copy(dst[(y*c.back.Width+x)*c.Maps:][:c.Maps], dy[(i*c.outSize[1]+j)*c.Maps:])
		}
	}
}

// BackwardWeights adds to acc ([Convolution.GradLen] floats) the gradients of weights
// and bias from images [from, to) of x and the gradient dy of their maps. The
// sum runs image after image, whatever the ranges it is computed in.
func (c *Convolution) BackwardWeights(acc, x, dy, work []float32, from, to int) {
	s := c.scratch(work)
	row := up8(c.rowLength)
	bias := c.biasGrad(acc)
	for i := from; i < to; i++ {
		image, grad := c.image(x, i, s.image), c.mapsGrad(dy, i, s.grad)
		sumRows(bias, grad)
		for k := 0; k < c.Maps; k += 4 {
			for u := range c.Kernel[0] {
				c.outerRow(acc[(k*c.Kernel[0]+u)*row:], image[u*c.wide*c.Channels:], grad[k:], min(4, c.Maps-k))
			}
		}
	}
}

// outerRow does one filter row of up to four maps.
func (c *Convolution) outerRow(acc, x, dy []float32, maps int) {
	row := up8(c.rowLength)
	t := outerTile{
		rows: c.outSize[0], cols: c.outSize[1],
		xRow: c.Stride[0] * c.wide * c.Channels, xStep: c.Stride[1] * c.Channels,
		dyRow: c.outSize[1] * c.Maps, dyStep: c.Maps,
	}
	for p := range t.dyMap { // past the last map the last is repeated
		t.dyMap[p] = min(p+1, maps-1)
		t.accMap[p] = t.dyMap[p] * c.Kernel[0] * row
	}
	for at := 0; at < row; {
		n := outerVectors((row - at) / 8)
		outer(n, acc[at:], x[at:], dy, laneMask(c.rowLength-at-8*(n-1)), &t)
		at += 8 * n
	}
}

// sumRows adds the rows of m, each len(sum) long, to sum.
func sumRows(sum, m []float32) {
	for len(m) >= len(sum) && len(sum) > 0 {
		for j, v := range m[:len(sum)] {
			sum[j] += v
		}
		m = m[len(sum):]
	}
}
