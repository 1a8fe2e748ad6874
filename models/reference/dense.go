package reference

import (
	"errors"
	"fmt"
)

// DenseForward computes out = inp W + b.
//
//	out[b,o] = sum_i inp[b,i] weight[i,o] + bias[o]
//
// inp: (B, I), weight: (I, O), bias: (O) or nil, out: (B, O)
func DenseForward(out, inp, weight, bias []float64, B, I, O int) {
	for b := range B {
		for o := range O {
			sum := 0.0
			if bias != nil {
				sum = bias[o]
			}
			for i := range I {
				sum += inp[b*I+i] * weight[i*O+o]
			}
			out[b*O+o] = sum
		}
	}
}

// DenseBackward: out[b,o] depends on inp[b,i] through weight[i,o] and the other
// way round, so by the chain rule
//
//	dinp[b,i]    = sum_o dout[b,o] weight[i,o]     (dout W^T)
//	dweight[i,o] = sum_b inp[b,i] dout[b,o]        (inp^T dout)
//	dbias[o]     = sum_b dout[b,o]
//
// Rumelhart, Hinton and Williams, "Learning representations by back-propagating
// errors" (1986), equations 6 and 7. dinp: (B, I), dweight: (I, O), dbias: (O)
// or nil, dout: (B, O)
func DenseBackward(dinp, dweight, dbias, dout, inp, weight []float64, B, I, O int) {
	clear(dinp)
	clear(dweight)
	clear(dbias)
	for b := range B {
		for i := range I {
			for o := range O {
				dinp[b*I+i] += dout[b*O+o] * weight[i*O+o]
				dweight[i*O+o] += inp[b*I+i] * dout[b*O+o]
			}
		}
		for o := range dbias {
			dbias[o] += dout[b*O+o]
		}
	}
}

// Dense is a fully connected layer; see [DenseForward].
type Dense struct {
	In, Out      int
	Weight, Bias *Param // (In, Out), (Out); Bias may be nil

	inp, rinp, dout []float64
	b               int
}

// NewDense has weights of zero. For sizes below 1 it has none, and its Forward
// returns an error.
func NewDense(in, out int, bias bool) *Dense {
	d := &Dense{In: in, Out: out}
	if in < 1 || out < 1 {
		return d
	}
	d.Weight = newParam(in*out, false)
	if bias {
		d.Bias = newParam(out, true)
	}
	return d
}

func (d *Dense) String() string { return fmt.Sprintf("dense %d->%d", d.In, d.Out) }

func (d *Dense) Forward(inp []float64, B int) ([]float64, error) {
	if d.Weight == nil {
		return nil, errors.New("no weight: use NewDense with sizes of at least 1")
	}
	if err := first(d.Weight.fits("weight", d.In, d.Out), d.Bias.fits("bias", d.Out), fits("input", len(inp), B, d.In)); err != nil {
		return nil, err
	}
	d.inp, d.b, d.dout, d.rinp = inp, B, nil, nil
	out := make([]float64, B*d.Out)
	DenseForward(out, inp, d.Weight.Value, d.Bias.value(), B, d.In, d.Out)
	return out, nil
}

func (d *Dense) Backward(dout []float64) ([]float64, error) {
	if err := fits("gradient of the output", len(dout), d.b, d.Out); err != nil {
		return nil, err
	}
	d.dout = dout
	dinp := make([]float64, len(d.inp))
	DenseBackward(dinp, d.Weight.Grad, d.Bias.grad(), dout, d.inp, d.Weight.Value, d.b, d.In, d.Out)
	return dinp, nil
}

func (d *Dense) Params() []*Param { return params(d.Weight, d.Bias) }
