package reference

import (
	"errors"
	"fmt"
)

// Pointwise is a layer without parameters that keeps its input's size: an
// activation, dropout, softmax over rows, or flatten, which does nothing to a
// row-major slice.
type Pointwise struct {
	Kind  string    // sigmoid, tanh, relu, leaky-relu, softmax, dropout, flatten
	Slope float64   // of leaky-relu, for negative inputs
	Mask  []float64 // of dropout, as long as the batch's input
	Row   int       // of softmax: numbers in a row

	inp, out, rout, dout []float64
}

func (p *Pointwise) String() string { return p.Kind }

func (p *Pointwise) Forward(inp []float64, B int) ([]float64, error) {
	if B < 1 || len(inp) == 0 || len(inp)%B != 0 {
		return nil, fmt.Errorf("input has %d numbers, want as many for each of %d in the batch", len(inp), B)
	}
	p.inp, p.out, p.dout, p.rout = inp, make([]float64, len(inp)), nil, nil
	switch p.Kind {
	case "sigmoid":
		SigmoidForward(p.out, inp)
	case "tanh":
		TanhForward(p.out, inp)
	case "relu":
		LeakyReLUForward(p.out, inp, 0)
	case "leaky-relu":
		LeakyReLUForward(p.out, inp, p.Slope)
	case "softmax":
		if err := fits("input", len(inp), B, p.Row); err != nil {
			return nil, err
		}
		SoftmaxForward(p.out, inp, B, p.Row)
	case "dropout":
		if err := fits("mask", len(p.Mask), B, len(inp)/B); err != nil {
			return nil, err
		}
		DropoutForward(p.out, inp, p.Mask)
	case "flatten":
		copy(p.out, inp)
	default:
		return nil, errors.New("no such layer: want sigmoid, tanh, relu, leaky-relu, softmax, dropout or flatten")
	}
	return p.out, nil
}

func (p *Pointwise) Backward(dout []float64) ([]float64, error) {
	if err := fits("gradient of the output", len(dout), len(p.out)); err != nil {
		return nil, err
	}
	p.dout = dout
	return p.slope(dout), nil
}

// slope multiplies by the Jacobian, which is symmetric: it takes dL/d(output) to
// dL/d(input), and how the input moves to how the output does.
func (p *Pointwise) slope(dout []float64) []float64 {
	dinp := make([]float64, len(dout))
	switch p.Kind {
	case "sigmoid":
		SigmoidBackward(dinp, dout, p.out)
	case "tanh":
		TanhBackward(dinp, dout, p.out)
	case "relu":
		LeakyReLUBackward(dinp, dout, p.inp, 0)
	case "leaky-relu":
		LeakyReLUBackward(dinp, dout, p.inp, p.Slope)
	case "softmax":
		SoftmaxBackward(dinp, dout, p.out, len(dout)/p.Row, p.Row)
	case "dropout":
		DropoutBackward(dinp, dout, p.Mask)
	case "flatten":
		copy(dinp, dout)
	}
	return dinp
}

func (p *Pointwise) Params() []*Param { return nil }
