package reference

import (
	"errors"
	"fmt"
)

// HessianVector computes, of a batch's loss, the Hessian by the parameters times
// their Directions, by hand: with R{q} the derivative of q while the parameters
// move in that direction, R is passed forward through the layers and back again,
//
//	R{output} = 0 at the input, R{weight} = v, R{dL/dw} = H v
//
// Pearlmutter, "Fast Exact Multiplication by the Hessian" (1994), section 3. The
// results stay in the parameters' Product; the gradients are computed on the way.
func (n *Network) HessianVector(x, target []float64, B int) error {
	if _, _, err := n.LossAndGradients(x, target, B); err != nil {
		return err
	}
	for i, p := range n.Params() {
		if size := len(p.Value); len(p.Direction) != size || len(p.Product) != size {
			return fmt.Errorf("reference: parameter %d has %d numbers, its direction %d, its product %d", i+1, size, len(p.Direction), len(p.Product))
		}
	}
	r := make([]float64, len(x))
	for i, l := range n.Layers {
		var err error
		if r, err = l.RForward(r); err != nil {
			return wrap(i, l, err)
		}
	}
	if n.Loss == SoftmaxCrossEntropy {
		out := n.Outputs[len(n.Outputs)-1]
		r = softmaxCrossEntropyR(r, out, target, B, len(out)/B)
	} // R{out - target} = R{out}
	for i := len(n.Layers) - 1; i >= 0; i-- {
		var err error
		if r, err = n.Layers[i].RBackward(r); err != nil {
			return wrap(i, n.Layers[i], err)
		}
	}
	for _, p := range n.Params() {
		if !p.Bias {
			L2Backward(p.Product, p.Direction, n.L2)
		}
	}
	return nil
}

// softmaxCrossEntropyR: dlogits = (p total - target)/B, where p alone moves, as
// [SoftmaxBackward] says of a symmetric Jacobian.
func softmaxCrossEntropyR(rlogits, logits, target []float64, B, N int) []float64 {
	p, r := make([]float64, B*N), make([]float64, B*N)
	SoftmaxForward(p, logits, B, N)
	SoftmaxBackward(r, rlogits, p, B, N)
	for b := range B {
		total := 0.0
		for _, t := range target[b*N : (b+1)*N] {
			total += t
		}
		for k := b * N; k < (b+1)*N; k++ {
			r[k] *= total / float64(B)
		}
	}
	return r
}

var errOrder = errors.New("RForward and RBackward come after Forward and Backward of the same batch")

// RForward: R{inp W + b} = R{inp} W + inp R{W} + R{b}.
func (d *Dense) RForward(rinp []float64) ([]float64, error) {
	if d.dout == nil || len(rinp) != len(d.inp) {
		return nil, errOrder
	}
	d.rinp = rinp
	rout, moved := make([]float64, d.b*d.Out), make([]float64, d.b*d.Out)
	DenseForward(rout, d.inp, d.Weight.Direction, d.Bias.direction(), d.b, d.In, d.Out)
	DenseForward(moved, rinp, d.Weight.Value, nil, d.b, d.In, d.Out)
	return add(rout, moved), nil
}

// RBackward: [DenseBackward] is linear in dout and, each gradient, in one of inp
// and weight: by the product rule, once with R{dout} and once with the other's R.
func (d *Dense) RBackward(rdout []float64) ([]float64, error) {
	if d.rinp == nil || len(rdout) != len(d.dout) {
		return nil, errOrder
	}
	rdinp, more := make([]float64, len(d.inp)), make([]float64, len(d.inp))
	dweight := make([]float64, len(d.Weight.Value))
	DenseBackward(rdinp, d.Weight.Product, d.Bias.product(), rdout, d.inp, d.Weight.Value, d.b, d.In, d.Out)
	DenseBackward(more, dweight, nil, d.dout, d.rinp, d.Weight.Direction, d.b, d.In, d.Out)
	add(d.Weight.Product, dweight)
	return add(rdinp, more), nil
}

// RForward is [Dense.RForward] with a convolution for the product.
func (c *Conv2D) RForward(rinp []float64) ([]float64, error) {
	if c.dout == nil || len(rinp) != len(c.inp) {
		return nil, errOrder
	}
	c.rinp = rinp
	rout, moved := make([]float64, len(c.dout)), make([]float64, len(c.dout))
	Conv2DForward(rout, c.inp, c.Weight.Direction, c.Bias.direction(), c.b, c.Channels, c.Maps, c.Window)
	Conv2DForward(moved, rinp, c.Weight.Value, nil, c.b, c.Channels, c.Maps, c.Window)
	return add(rout, moved), nil
}

// RBackward is [Dense.RBackward] with a convolution for the product.
func (c *Conv2D) RBackward(rdout []float64) ([]float64, error) {
	if c.rinp == nil || len(rdout) != len(c.dout) {
		return nil, errOrder
	}
	rdinp, more := make([]float64, len(c.inp)), make([]float64, len(c.inp))
	dweight := make([]float64, len(c.Weight.Value))
	Conv2DBackward(rdinp, c.Weight.Product, c.Bias.product(), rdout, c.inp, c.Weight.Value, c.b, c.Channels, c.Maps, c.Window)
	Conv2DBackward(more, dweight, nil, c.dout, c.rinp, c.Weight.Direction, c.b, c.Channels, c.Maps, c.Window)
	add(c.Weight.Product, dweight)
	return add(rdinp, more), nil
}

// RForward: R{f(x)} = f'(x) R{x}.
func (p *Pointwise) RForward(rinp []float64) ([]float64, error) {
	if p.dout == nil || len(rinp) != len(p.inp) {
		return nil, errOrder
	}
	p.rout = p.slope(rinp)
	return p.rout, nil
}

// RBackward: R{f'(x) dout} = f'(x) R{dout} + R{f'(x)} dout, the second term by the
// output's own R: s(1-s) moves by (1-2s) R{s}, 1-t^2 by -2t R{t}; the others have
// slopes that do not move. Of p_k (d_k - sum d p) each p moves.
func (p *Pointwise) RBackward(rdout []float64) ([]float64, error) {
	if p.rout == nil || len(rdout) != len(p.dout) {
		return nil, errOrder
	}
	rdinp := p.slope(rdout)
	for i, d := range p.dout {
		switch p.Kind {
		case "sigmoid":
			rdinp[i] += (1 - 2*p.out[i]) * p.rout[i] * d
		case "tanh":
			rdinp[i] -= 2 * p.out[i] * p.rout[i] * d
		}
	}
	if p.Kind == "softmax" {
		for at := 0; at < len(p.out); at += p.Row {
			mean, moved := 0.0, 0.0
			for j := at; j < at+p.Row; j++ {
				mean += p.dout[j] * p.out[j]
				moved += p.dout[j] * p.rout[j]
			}
			for k := at; k < at+p.Row; k++ {
				rdinp[k] += p.rout[k]*(p.dout[k]-mean) - p.out[k]*moved
			}
		}
	}
	return rdinp, nil
}

// RForward: where the maxima are does not move; the mean is linear.
func (p *Pool) RForward(rinp []float64) ([]float64, error) {
	if p.inp == nil || len(rinp) != len(p.inp) {
		return nil, errOrder
	}
	OH, OW := p.Window.Out()
	rout := make([]float64, p.b*p.Channels*OH*OW)
	if p.Mean {
		MeanPoolForward(rout, rinp, p.b, p.Channels, p.Window)
	} else {
		windows(p.b, p.Channels, p.Window, func(o int, members []int) { rout[o] = rinp[argmax(p.inp, members)] })
	}
	return rout, nil
}

// RBackward: Backward is linear in dout, and nothing else moves.
func (p *Pool) RBackward(rdout []float64) ([]float64, error) { return p.Backward(rdout) }

// add adds b to a, in place.
func add(a, b []float64) []float64 {
	for i, v := range b {
		a[i] += v
	}
	return a
}
