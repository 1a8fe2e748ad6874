package influence

import (
	"symgrad/models"
	"symgrad/train/vm/kernel/conv"
)

// correlation is the gradient of a convolution's weights from one image:
//
//	dW[m][c][u][v] = sum over i, j of slope[m][i][j] input[c][i stride + u - pad][j stride + v - pad]
//
// Behind a max-pool most slopes are zero, and are passed over.
type correlation struct {
	conv.Shape
	kernel *conv.Pooled // that pools nothing: slopes are kept that are not zero
	places []uint8      // of a window of one number: all 0
}

func newCorrelation(l models.Conv2D, in, slope []int) (*correlation, error) {
	both := func(n int) [2]int { return [2]int{n, n} }
	c := &correlation{Shape: conv.Shape{Channels: in[1], Height: in[2], Width: in[3], Maps: slope[1], Kernel: both(l.Kernel), Stride: both(max(l.Stride, 1)), Pad: both(l.Pad())}}
	var err error
	if c.kernel, err = conv.NewPooled(c.Shape, conv.Window{Size: both(1), Stride: both(1)}, conv.NCHW, conv.NCHW); err != nil {
		return nil, err
	}
	c.places = make([]uint8, c.kernel.ArgLen())
	return c, nil
}

// numbers are those of dW and of the gradient of the bias.
func (c *correlation) numbers() int { return c.Maps * (c.Channels*c.Kernel[0]*c.Kernel[1] + 1) }

// scratch is what [correlation.single] works in.
func (c *correlation) scratch() []float32 {
	return make([]float32, c.kernel.GradLen()+c.kernel.WorkspaceLen())
}

// single writes dW, and behind it the gradient of the bias.
func (c *correlation) single(input, slope, out, scratch []float32) {
	sum, work := scratch[:c.kernel.GradLen()], scratch[c.kernel.GradLen():]
	clear(sum)
	c.kernel.BackwardWeights(sum, input, slope, c.places, work, 0, 1)
	n := len(out) - c.Maps
	c.kernel.UnpackGrad(out[:n], out[n:], sum)
}

// double is single in float64.
func (c *correlation) double(input, slope, out []float64) {
	clear(out)
	n := c.Channels * c.Kernel[0] * c.Kernel[1]
	size := c.Out()
	for m := range c.Maps {
		w, bias := out[m*n:(m+1)*n], 0.0
		for i := range size[0] {
			row := slope[(m*size[0]+i)*size[1]:][:size[1]]
			for j, s := range row {
				if s == 0 {
					continue
				}
				bias += s
				top, left := i*c.Stride[0]-c.Pad[0], j*c.Stride[1]-c.Pad[1]
				from, to := max(0, -left), min(c.Kernel[1], c.Width-left)
				for u := max(0, -top); u < min(c.Kernel[0], c.Height-top) && from < to; u++ {
					for channel := range c.Channels {
						d := w[(channel*c.Kernel[0]+u)*c.Kernel[1]+from:]
						for k, v := range input[(channel*c.Height+top+u)*c.Width+left+from:][:to-from] {
							d[k] += s * v
						}
					}
				}
			}
		}
		out[c.Maps*n+m] = bias
	}
}
