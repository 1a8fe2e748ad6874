package reference

import "fmt"

// Layer is one step of a [Network]. It keeps what its backward pass needs.
type Layer interface {
	// Forward maps a batch of inputs to outputs, whose slice the layer owns.
	Forward(inp []float64, B int) ([]float64, error)
	// Backward maps dL/d(output) of the last Forward to dL/d(input) and leaves
	// the gradients of the layer's parameters in them.
	Backward(dout []float64) []float64
	// Params are the layer's parameters: weight, then bias.
	Params() []*Param
}

// Param is a parameter and its gradient.
type Param struct {
	Value, Grad []float64
	Bias        bool // left out of the L2 penalty
}

func newParam(n int, bias bool) *Param {
	return &Param{Value: make([]float64, n), Grad: make([]float64, n), Bias: bias}
}

func size(layer string, got, want int) error {
	if got != want {
		return fmt.Errorf("reference: %s: %d numbers come in, want %d", layer, got, want)
	}
	return nil
}

// Dense is a fully connected layer; see [DenseForward].
type Dense struct {
	In, Out      int
	Weight, Bias *Param // Bias may be nil

	inp []float64
	b   int
}

// NewDense has weights of zero.
func NewDense(in, out int, bias bool) *Dense {
	d := &Dense{In: in, Out: out, Weight: newParam(in*out, false)}
	if bias {
		d.Bias = newParam(out, true)
	}
	return d
}

func (d *Dense) Forward(inp []float64, B int) ([]float64, error) {
	if err := size(fmt.Sprintf("dense %d->%d", d.In, d.Out), len(inp), B*d.In); err != nil {
		return nil, err
	}
	d.inp, d.b = inp, B
	out := make([]float64, B*d.Out)
	DenseForward(out, inp, d.Weight.Value, value(d.Bias), B, d.In, d.Out)
	return out, nil
}

func (d *Dense) Backward(dout []float64) []float64 {
	dinp := make([]float64, len(d.inp))
	DenseBackward(dinp, d.Weight.Grad, grad(d.Bias), dout, d.inp, d.Weight.Value, d.b, d.In, d.Out)
	return dinp
}

func (d *Dense) Params() []*Param { return params(d.Weight, d.Bias) }

// Conv2D is a convolution; see [Conv2DForward].
type Conv2D struct {
	Channels, Maps int
	Window         Window
	Weight, Bias   *Param // Bias may be nil

	inp []float64
	b   int
}

// NewConv2D has weights of zero.
func NewConv2D(channels, maps int, w Window, bias bool) *Conv2D {
	c := &Conv2D{Channels: channels, Maps: maps, Window: w, Weight: newParam(maps*channels*w.KH*w.KW, false)}
	if bias {
		c.Bias = newParam(maps, true)
	}
	return c
}

func (c *Conv2D) Forward(inp []float64, B int) ([]float64, error) {
	OH, OW := c.Window.Out()
	if OH < 1 || OW < 1 || c.Window.Stride < 1 {
		return nil, fmt.Errorf("reference: conv %d->%d: window %+v does not fit", c.Channels, c.Maps, c.Window)
	}
	if err := size(fmt.Sprintf("conv %d->%d", c.Channels, c.Maps), len(inp), B*c.Channels*c.Window.H*c.Window.W); err != nil {
		return nil, err
	}
	c.inp, c.b = inp, B
	out := make([]float64, B*c.Maps*OH*OW)
	Conv2DForward(out, inp, c.Weight.Value, value(c.Bias), B, c.Channels, c.Maps, c.Window)
	return out, nil
}

func (c *Conv2D) Backward(dout []float64) []float64 {
	dinp := make([]float64, len(c.inp))
	Conv2DBackward(dinp, c.Weight.Grad, grad(c.Bias), dout, c.inp, c.Weight.Value, c.b, c.Channels, c.Maps, c.Window)
	return dinp
}

func (c *Conv2D) Params() []*Param { return params(c.Weight, c.Bias) }

// Pool is max- or mean-pooling; see [MaxPoolForward] and [MeanPoolForward].
type Pool struct {
	Channels int
	Window   Window
	Mean     bool

	inp []float64
	b   int
}

func (p *Pool) Forward(inp []float64, B int) ([]float64, error) {
	if err := size("pool", len(inp), B*p.Channels*p.Window.H*p.Window.W); err != nil {
		return nil, err
	}
	p.inp, p.b = inp, B
	OH, OW := p.Window.Out()
	out := make([]float64, B*p.Channels*OH*OW)
	if p.Mean {
		MeanPoolForward(out, inp, B, p.Channels, p.Window)
	} else {
		MaxPoolForward(out, inp, B, p.Channels, p.Window)
	}
	return out, nil
}

func (p *Pool) Backward(dout []float64) []float64 {
	dinp := make([]float64, len(p.inp))
	if p.Mean {
		MeanPoolBackward(dinp, dout, p.b, p.Channels, p.Window)
	} else {
		MaxPoolBackward(dinp, dout, p.inp, p.b, p.Channels, p.Window)
	}
	return dinp
}

func (p *Pool) Params() []*Param { return nil }

func value(p *Param) []float64 {
	if p == nil {
		return nil
	}
	return p.Value
}

func grad(p *Param) []float64 {
	if p == nil {
		return nil
	}
	return p.Grad
}

func params(all ...*Param) []*Param {
	var out []*Param
	for _, p := range all {
		if p != nil {
			out = append(out, p)
		}
	}
	return out
}
