package reference

import (
	"errors"
	"fmt"
	"math"
)

// MaxPoolForward keeps the largest element of each window; NaN wins.
//
//	out[b,c,i,j] = max_{u,v} inp[b,c,i*s+u,j*s+v]
//
// inp: (B, C, H, W), out: (B, C, OH, OW)
func MaxPoolForward(out, inp []float64, B, C int, w Window) {
	windows(B, C, w, func(o int, members []int) { out[o] = inp[argmax(inp, members)] })
}

// MaxPoolBackward: the maximum depends on one element alone; of equal ones the
// first, in reading order, gets the whole gradient.
//
//	dinp[argmax of window (i,j)] += dout[b,c,i,j]
//
// Scherer, Müller and Behnke, "Evaluation of pooling operations in convolutional
// architectures for object recognition" (2010).
func MaxPoolBackward(dinp, dout, inp []float64, B, C int, w Window) {
	clear(dinp)
	windows(B, C, w, func(o int, members []int) { dinp[argmax(inp, members)] += dout[o] })
}

// MeanPoolForward averages each window.
//
//	out[b,c,i,j] = 1/n sum_{u,v} inp[b,c,i*s+u,j*s+v],  n = KH KW
//
// inp: (B, C, H, W), out: (B, C, OH, OW)
func MeanPoolForward(out, inp []float64, B, C int, w Window) {
	windows(B, C, w, func(o int, members []int) {
		sum := 0.0
		for _, m := range members {
			sum += inp[m]
		}
		out[o] = sum / float64(len(members))
	})
}

// MeanPoolBackward spreads the gradient evenly: d out/d inp = 1/n for each
// element of the window, so
//
//	dinp[b,c,y,x] = 1/n sum_{i,j: (y,x) in window (i,j)} dout[b,c,i,j]
//
// Bouvrie, "Notes on convolutional neural networks" (2006), on sub-sampling.
func MeanPoolBackward(dinp, dout []float64, B, C int, w Window) {
	clear(dinp)
	windows(B, C, w, func(o int, members []int) {
		for _, m := range members {
			dinp[m] += dout[o] / float64(len(members))
		}
	})
}

// argmax is the member with the first NaN, else with the first maximum.
func argmax(inp []float64, members []int) int {
	best := members[0]
	for _, m := range members {
		if math.IsNaN(inp[best]) {
			break
		}
		if inp[m] > inp[best] || math.IsNaN(inp[m]) {
			best = m
		}
	}
	return best
}

// windows visits each output with the indices of its window, in reading order.
// There is no padding, so every window lies on the image whole.
func windows(B, C int, w Window, visit func(o int, members []int)) {
	OH, OW := w.Out()
	s, _ := w.steps()
	members := make([]int, 0, w.KH*w.KW)
	for plane := range B * C {
		for i := range OH {
			for j := range OW {
				members = members[:0]
				for u := range w.KH {
					for v := range w.KW {
						members = append(members, (plane*w.H+i*s[0]+u)*w.W+j*s[1]+v)
					}
				}
				visit((plane*OH+i)*OW+j, members)
			}
		}
	}
}

// Pool is max- or mean-pooling; see [MaxPoolForward] and [MeanPoolForward].
type Pool struct {
	Channels int
	Window   Window // without padding
	Mean     bool

	inp []float64
	b   int
}

func (p *Pool) String() string {
	kind := "max-pool"
	if p.Mean {
		kind = "mean-pool"
	}
	return fmt.Sprintf("%s of %d channels, %v", kind, p.Channels, p.Window)
}

func (p *Pool) Forward(inp []float64, B int) ([]float64, error) {
	w := p.Window
	if err := w.check(); err != nil {
		return nil, err
	}
	if _, pad := w.steps(); pad != [2]int{} {
		return nil, errors.New("pooling takes no padding")
	}
	if err := fits("input", len(inp), B, p.Channels, w.H, w.W); err != nil {
		return nil, err
	}
	p.inp, p.b = inp, B
	OH, OW := w.Out()
	out := make([]float64, B*p.Channels*OH*OW)
	if p.Mean {
		MeanPoolForward(out, inp, B, p.Channels, w)
	} else {
		MaxPoolForward(out, inp, B, p.Channels, w)
	}
	return out, nil
}

func (p *Pool) Backward(dout []float64) ([]float64, error) {
	OH, OW := p.Window.Out()
	if err := fits("gradient of the output", len(dout), p.b, p.Channels, OH, OW); err != nil {
		return nil, err
	}
	dinp := make([]float64, len(p.inp))
	if p.Mean {
		MeanPoolBackward(dinp, dout, p.b, p.Channels, p.Window)
	} else {
		MaxPoolBackward(dinp, dout, p.inp, p.b, p.Channels, p.Window)
	}
	return dinp, nil
}

func (p *Pool) Params() []*Param { return nil }
