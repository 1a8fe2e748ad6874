package reference

import (
	"fmt"
	"slices"
)

// Layer is one step of a [Network]. It keeps what its backward pass needs, so
// one layer serves one network and one goroutine.
type Layer interface {
	// String is the layer's kind and sizes, for errors.
	String() string
	// Forward maps a batch of B inputs to outputs, in a new slice.
	Forward(inp []float64, B int) ([]float64, error)
	// Backward maps dL/d(output) of the last Forward to dL/d(input) and leaves
	// the gradients of the layer's parameters in them.
	Backward(dout []float64) ([]float64, error)
	// RForward maps how the last Forward's input moves to how its output moves, and
	// RBackward, after Backward, how dL/d(output) moves to how dL/d(input) moves,
	// while the parameters move in their Direction. It leaves how their gradients
	// move in Product. See [Network.HessianVector].
	RForward(rinp []float64) ([]float64, error)
	RBackward(rdout []float64) ([]float64, error)
	// Params are the layer's parameters: weight, then bias.
	Params() []*Param
}

// Param is a parameter and its gradient.
type Param struct {
	Value, Grad []float64
	Bias        bool // left out of the L2 penalty

	Direction, Product []float64 // v, and its part of H v; of [Network.HessianVector]
}

func newParam(n int, bias bool) *Param {
	return &Param{Value: make([]float64, n), Grad: make([]float64, n), Bias: bias,
		Direction: make([]float64, n), Product: make([]float64, n)}
}

// fits tells whether a parameter that is there has the shape.
func (p *Param) fits(what string, shape ...int) error {
	if p == nil {
		return nil
	}
	return first(fits(what, len(p.Value), shape...), fits("gradient of "+what, len(p.Grad), shape...))
}

func (p *Param) direction() []float64 {
	if p == nil {
		return nil
	}
	return p.Direction
}

func (p *Param) product() []float64 {
	if p == nil {
		return nil
	}
	return p.Product
}

func (p *Param) value() []float64 {
	if p == nil {
		return nil
	}
	return p.Value
}

func (p *Param) grad() []float64 {
	if p == nil {
		return nil
	}
	return p.Grad
}

// fits tells whether a slice of n numbers has the shape. It divides, because
// the product of absurd dimensions may overflow to the right number.
func fits(what string, n int, shape ...int) error {
	rest := n
	for _, dim := range shape {
		if dim < 1 || rest%dim != 0 {
			return wrongSize(what, n, shape)
		}
		rest /= dim
	}
	if rest != 1 {
		return wrongSize(what, n, shape)
	}
	return nil
}

func wrongSize(what string, n int, shape []int) error {
	return fmt.Errorf("%s has %d numbers, want shape %v", what, n, shape)
}

// params are those of weight and bias that are there.
func params(weight, bias *Param) []*Param {
	return slices.DeleteFunc([]*Param{weight, bias}, func(p *Param) bool { return p == nil })
}

// first is the first error that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
