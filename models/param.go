package models

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Param is a named tensor of weights that lives outside any graph. Its numbers
// are float32 or float64, row-major.
type Param struct {
	Name  string // as PyTorch would name it: conv1.weight, fc2.bias
	Shape []int
	Bias  bool // biases are left out of the L2 penalty

	data any // []float32 or []float64
}

// NewParam makes a parameter from values given in row-major order; they are
// rounded when dtype is float32.
func NewParam(name string, dtype tensor.Dtype, values []float64, shape ...int) (*Param, error) {
	p := &Param{Name: name, Shape: slices.Clone(shape)}
	switch dtype {
	case tensor.Float32:
		p.data = make([]float32, len(values))
	case tensor.Float64:
		p.data = make([]float64, len(values))
	default:
		return nil, fmt.Errorf("models: parameter %s: dtype %v, want float32 or float64", name, dtype)
	}
	if want := volume(shape); want != len(values) {
		return nil, fmt.Errorf("models: parameter %s: %d values for shape %v, want %d", name, len(values), shape, want)
	}
	return p, p.Set(values)
}

// Len is the number of weights.
func (p *Param) Len() int { return volume(p.Shape) }

// Dtype is tensor.Float32 or tensor.Float64.
func (p *Param) Dtype() tensor.Dtype {
	if _, ok := p.data.([]float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

// Data is the live slice of weights, a []float32 or a []float64: what is
// written there is seen by every graph of the network.
func (p *Param) Data() any { return p.data }

// Float64s returns a copy of the weights as float64.
func (p *Param) Float64s() []float64 { return toFloat64s(p.data) }

// Set overwrites the weights; float32 weights are rounded from the float64
// values given.
func (p *Param) Set(values []float64) error {
	if len(values) != p.Len() {
		return fmt.Errorf("models: parameter %s: %d values, want %d for shape %v", p.Name, len(values), p.Len(), p.Shape)
	}
	switch data := p.data.(type) {
	case []float32:
		for i, v := range values {
			data[i] = float32(v)
		}
	case []float64:
		copy(data, values)
	}
	return nil
}

// node binds the parameter into a graph through a tensor header of the graph's
// own: a shared header would be a data race, because a product with a
// transposed operand transposes the header in place.
func (p *Param) node(g *G.ExprGraph) *G.Node {
	t := tensor.New(tensor.WithShape(p.Shape...), tensor.WithBacking(p.data))
	return G.NewTensor(g, p.Dtype(), len(p.Shape), G.WithShape(p.Shape...), G.WithName(p.Name), G.WithValue(t))
}

func toFloat64s(data any) []float64 {
	switch data := data.(type) {
	case []float32:
		out := make([]float64, len(data))
		for i, v := range data {
			out[i] = float64(v)
		}
		return out
	case []float64:
		return slices.Clone(data)
	}
	return nil
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
