package reference

import "fmt"

// Pointwise is a layer without parameters that keeps its input's size: an
// activation, dropout, or softmax over rows.
type Pointwise struct {
	Kind  string    // sigmoid, tanh, leaky-relu (slope 0: ReLU), softmax, dropout, flatten
	Slope float64   // of leaky-relu
	Mask  []float64 // of dropout, as long as the batch's input
	Row   int       // of softmax: numbers in a row

	inp, out []float64
}

func (p *Pointwise) Forward(inp []float64, B int) ([]float64, error) {
	p.inp, p.out = inp, make([]float64, len(inp))
	switch p.Kind {
	case "sigmoid":
		SigmoidForward(p.out, inp)
	case "tanh":
		TanhForward(p.out, inp)
	case "leaky-relu":
		LeakyReLUForward(p.out, inp, p.Slope)
	case "softmax":
		if err := size("softmax", len(inp), B*p.Row); err != nil {
			return nil, err
		}
		SoftmaxForward(p.out, inp, B, p.Row)
	case "dropout":
		if err := size("dropout mask", len(p.Mask), len(inp)); err != nil {
			return nil, err
		}
		DropoutForward(p.out, inp, p.Mask)
	case "flatten":
		copy(p.out, inp)
	default:
		return nil, fmt.Errorf("reference: no layer %q", p.Kind)
	}
	return p.out, nil
}

func (p *Pointwise) Backward(dout []float64) []float64 {
	dinp := make([]float64, len(dout))
	switch p.Kind {
	case "sigmoid":
		SigmoidBackward(dinp, dout, p.out)
	case "tanh":
		TanhBackward(dinp, dout, p.out)
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
