package reference

import (
	"errors"
	"fmt"
)

// Conv2DForward slides K filters over images of C channels. As everywhere in
// the field it is a cross-correlation, the filter is not flipped. With stride s
// and padding p, each of them down and across,
//
//	out[b,k,i,j] = bias[k] + sum_{c,u,v} inp[b,c,i*s+u-p,j*s+v-p] weight[k,c,u,v]
//
// where inp is 0 outside the image. LeCun et al., "Gradient-based learning
// applied to document recognition" (1998); with strides Goodfellow, Bengio and
// Courville, "Deep Learning" (2016), section 9.5.
//
// inp: (B, C, H, W), weight: (K, C, KH, KW), bias: (K) or nil, out: (B, K, OH, OW)
func Conv2DForward(out, inp, weight, bias []float64, B, C, K int, w Window) {
	each(B, C, K, w, func(o, k int) {
		out[o] = 0
		if bias != nil {
			out[o] = bias[k]
		}
	}, func(o, x, f int) { out[o] += inp[x] * weight[f] })
}

// Conv2DBackward: each product inp*weight in out passes dout to both factors,
//
//	dinp[b,c,y,x]    = sum_{k,i,j,u,v: y = i*s+u-p, x = j*s+v-p} dout[b,k,i,j] weight[k,c,u,v]
//	dweight[k,c,u,v] = sum_{b,i,j} dout[b,k,i,j] inp[b,c,i*s+u-p,j*s+v-p]
//	dbias[k]         = sum_{b,i,j} dout[b,k,i,j]
//
// "Deep Learning", section 9.5; without strides Bouvrie, "Notes on convolutional
// neural networks" (2006). dinp: (B, C, H, W), dweight: (K, C, KH, KW), dbias:
// (K) or nil, dout: (B, K, OH, OW)
func Conv2DBackward(dinp, dweight, dbias, dout, inp, weight []float64, B, C, K int, w Window) {
	clear(dinp)
	clear(dweight)
	clear(dbias)
	each(B, C, K, w, func(o, k int) {
		if dbias != nil {
			dbias[k] += dout[o]
		}
	}, func(o, x, f int) {
		dinp[x] += dout[o] * weight[f]
		dweight[f] += dout[o] * inp[x]
	})
}

// each visits every output (index o, map k) and then every pair of an image
// element x and a filter element f whose product it holds.
func each(B, C, K int, w Window, output func(o, k int), product func(o, x, f int)) {
	OH, OW := w.Out()
	s, p := w.steps()
	for b := range B {
		for k := range K {
			for i := range OH {
				for j := range OW {
					o := ((b*K+k)*OH+i)*OW + j
					output(o, k)
					for c := range C {
						for u := range w.KH {
							y := i*s[0] + u - p[0]
							if y < 0 || y >= w.H {
								continue
							}
							for v := range w.KW {
								if x := j*s[1] + v - p[1]; x >= 0 && x < w.W {
									product(o, ((b*C+c)*w.H+y)*w.W+x, ((k*C+c)*w.KH+u)*w.KW+v)
								}
							}
						}
					}
				}
			}
		}
	}
}

// Conv2D is a convolution; see [Conv2DForward].
type Conv2D struct {
	Channels, Maps int
	Window         Window
	Weight, Bias   *Param // (Maps, Channels, KH, KW), (Maps); Bias may be nil

	inp, rinp, dout []float64
	b               int
}

// NewConv2D has weights of zero. For sizes below 1 and a window that does not
// fit it has none, and its Forward returns an error.
func NewConv2D(channels, maps int, w Window, bias bool) *Conv2D {
	c := &Conv2D{Channels: channels, Maps: maps, Window: w}
	if channels < 1 || maps < 1 || w.check() != nil {
		return c
	}
	c.Weight = newParam(maps*channels*w.KH*w.KW, false)
	if bias {
		c.Bias = newParam(maps, true)
	}
	return c
}

func (c *Conv2D) String() string {
	return fmt.Sprintf("conv %d->%d, %v", c.Channels, c.Maps, c.Window)
}

func (c *Conv2D) Forward(inp []float64, B int) ([]float64, error) {
	w := c.Window
	if err := w.check(); err != nil {
		return nil, err
	}
	if c.Weight == nil {
		return nil, errors.New("no weight: use NewConv2D with sizes of at least 1")
	}
	if err := first(c.Weight.fits("weight", c.Maps, c.Channels, w.KH, w.KW), c.Bias.fits("bias", c.Maps),
		fits("input", len(inp), B, c.Channels, w.H, w.W)); err != nil {
		return nil, err
	}
	c.inp, c.b, c.dout, c.rinp = inp, B, nil, nil
	OH, OW := w.Out()
	out := make([]float64, B*c.Maps*OH*OW)
	Conv2DForward(out, inp, c.Weight.Value, c.Bias.value(), B, c.Channels, c.Maps, w)
	return out, nil
}

func (c *Conv2D) Backward(dout []float64) ([]float64, error) {
	OH, OW := c.Window.Out()
	if err := fits("gradient of the output", len(dout), c.b, c.Maps, OH, OW); err != nil {
		return nil, err
	}
	c.dout = dout
	dinp := make([]float64, len(c.inp))
	Conv2DBackward(dinp, c.Weight.Grad, c.Bias.grad(), dout, c.inp, c.Weight.Value, c.b, c.Channels, c.Maps, c.Window)
	return dinp, nil
}

func (c *Conv2D) Params() []*Param { return params(c.Weight, c.Bias) }
