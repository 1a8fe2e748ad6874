package vm_test

import (
	"fmt"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// array is a tensor of float64 that a graph takes in either float type; without
// a shape it is a scalar.
type array struct {
	shape  []int
	values []float64
}

// normal is an array of numbers around 0, a function of its shape and seed.
func normal(seed uint64, shape ...int) array {
	return drawn(seed, (*rand.Rand).NormFloat64, shape)
}

// positive is an array of numbers from 0.5 to 2.
func positive(seed uint64, shape ...int) array {
	return drawn(seed, func(r *rand.Rand) float64 { return 0.5 + 1.5*r.Float64() }, shape)
}

func drawn(seed uint64, draw func(*rand.Rand) float64, shape []int) array {
	r := rand.New(rand.NewPCG(seed, uint64(len(shape))))
	a := array{shape: shape, values: make([]float64, tensor.Shape(shape).TotalSize())}
	for i := range a.values {
		a.values[i] = draw(r)
	}
	return a
}

// node adds the array to a graph as an input.
func (a array) node(g *G.ExprGraph, dtype tensor.Dtype, name string) (*G.Node, error) {
	v, err := valueOf(dtype, a.values, a.shape)
	if err != nil {
		return nil, err
	}
	if len(a.shape) == 0 {
		return G.NewScalar(g, dtype, G.WithName(name), G.WithValue(v)), nil
	}
	return G.NewTensor(g, dtype, len(a.shape), G.WithShape(a.shape...), G.WithName(name), G.WithValue(v)), nil
}

// valueOf makes a value of numbers, rounded where dtype is float32.
func valueOf(dtype tensor.Dtype, values []float64, shape []int) (G.Value, error) {
	switch {
	case dtype == tensor.Float64 && len(shape) == 0:
		return G.NewF64(values[0]), nil
	case dtype == tensor.Float32 && len(shape) == 0:
		return G.NewF32(float32(values[0])), nil
	case dtype == tensor.Float64 || dtype == tensor.Float32:
		t := tensor.New(tensor.Of(dtype), tensor.WithShape(shape...))
		return t, fill(t.Data(), values)
	}
	return nil, fmt.Errorf("dtype %v", dtype)
}

// fill copies numbers into a slice of either float type.
func fill(dst any, values []float64) error {
	switch dst := dst.(type) {
	case []float64:
		copy(dst, values)
	case []float32:
		for i, v := range values {
			dst[i] = float32(v)
		}
	default:
		return fmt.Errorf("cannot fill a %T", dst)
	}
	return nil
}

// numbers copies a value's numbers in row-major order; truths are 1 and 0.
func numbers(v G.Value) (out []float64) {
	if d, ok := v.(*tensor.Dense); ok && d.RequiresIterator() {
		v = d.Materialize().(*tensor.Dense)
	}
	if v == nil {
		return nil
	}
	switch data := v.Data().(type) {
	case []float64:
		return append(out, data...)
	case []float32:
		out = make([]float64, len(data))
		for i, x := range data {
			out[i] = float64(x)
		}
	case float64:
		return []float64{data}
	case float32:
		return []float64{float64(data)}
	case []bool:
		for _, x := range data {
			out = append(out, truth(x))
		}
	case bool:
		return []float64{truth(data)}
	}
	return out
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
