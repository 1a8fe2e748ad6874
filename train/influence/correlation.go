package influence

// correlation is the gradient of a convolution's weights from one image:
//
//	dW[m][c][u][v] = sum over i, j of slope[m][i][j] input[c][i stride + u - pad][j stride + v - pad]
//
// Behind a max-pool most slopes are zero, and are passed over.
type correlation struct {
	channels, height, width int // of the input
	maps, rows, columns     int // of the slope
	kernel, stride, pad     int
}

func (c *correlation) taps() int { return c.channels * c.kernel * c.kernel }

// correlate writes dW, and behind it the gradient of the bias.
func correlate[F float32 | float64](c *correlation, input, slope, out []F) {
	clear(out)
	n := c.taps()
	for m := range c.maps {
		w, bias := out[m*n:(m+1)*n], F(0)
		for i := range c.rows {
			row := slope[(m*c.rows+i)*c.columns:][:c.columns]
			for j, s := range row {
				if s == 0 {
					continue
				}
				bias += s
				top, left := i*c.stride-c.pad, j*c.stride-c.pad
				from, to := max(0, -left), min(c.kernel, c.width-left)
				for u := max(0, -top); u < min(c.kernel, c.height-top) && from < to; u++ {
					for channel := range c.channels {
						x := input[(channel*c.height+top+u)*c.width+left+from:][:to-from]
						d := w[(channel*c.kernel+u)*c.kernel+from:][:to-from]
						if len(x) == 5 && len(d) == 5 { // twice as fast as the loop
							d[0] += s * x[0]
							d[1] += s * x[1]
							d[2] += s * x[2]
							d[3] += s * x[3]
							d[4] += s * x[4]
							continue
						}
						for k, v := range x {
							d[k] += s * v
						}
					}
				}
			}
		}
		out[c.maps*n+m] = bias
	}
}
