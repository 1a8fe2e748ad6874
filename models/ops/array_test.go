package ops_test

import (
	"math/rand/v2"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// array is a row-major array of the witnesses, which know nothing of tensors.
type array struct {
	shape []int
	data  []float64
}

func zeros(shape ...int) array {
	size := 1
	for _, n := range shape {
		size *= n
	}
	return array{append([]int(nil), shape...), make([]float64, size)}
}

// normal draws from N(0, 1).
func normal(r *rand.Rand, shape ...int) array {
	a := zeros(shape...)
	for i := range a.data {
		a.data[i] = r.NormFloat64()
	}
	return a
}

// spread is a random order of numbers 0.1 apart: no ties, and none near.
func spread(r *rand.Rand, shape ...int) array {
	a := zeros(shape...)
	for i, k := range r.Perm(len(a.data)) {
		a.data[i] = 0.1 * float64(k-len(a.data)/2)
	}
	return a
}

func (a array) index(at ...int) int {
	i := 0
	for axis, n := range a.shape {
		i = i*n + at[axis]
	}
	return i
}

func (a array) get(at ...int) float64 { return a.data[a.index(at...)] }

// image reads a position that may lie in the zero padding.
func (a array) image(b, c, i, j int) float64 {
	if i < 0 || j < 0 || i >= a.shape[2] || j >= a.shape[3] {
		return 0
	}
	return a.get(b, c, i, j)
}

// moved is a + h direction.
func (a array) moved(h float64, direction array) array {
	out := zeros(a.shape...)
	for i := range out.data {
		out.data[i] = a.data[i] + h*direction.data[i]
	}
	return out
}

func dot(a, b array) float64 {
	sum := 0.0
	for i, v := range a.data {
		sum += v * b.data[i]
	}
	return sum
}

// dense is a tensor of the array's numbers.
func (a array) dense(dtype tensor.Dtype) *tensor.Dense {
	if dtype == tensor.Float32 {
		single := make([]float32, len(a.data))
		for i, v := range a.data {
			single[i] = float32(v)
		}
		return tensor.New(tensor.WithShape(a.shape...), tensor.WithBacking(single))
	}
	return tensor.New(tensor.WithShape(a.shape...), tensor.WithBacking(append([]float64(nil), a.data...)))
}

// value is what a graph hands to an operator: a tensor, or a scalar of Gorgonia's.
func (a array) value(dtype tensor.Dtype) G.Value {
	switch {
	case len(a.shape) > 0:
		return a.dense(dtype)
	case dtype == tensor.Float32:
		return G.NewF32(float32(a.data[0]))
	}
	return G.NewF64(a.data[0])
}

// node is an input bound to the array.
func (a array) node(g *G.ExprGraph, dtype tensor.Dtype, name string) *G.Node {
	return G.NewTensor(g, dtype, len(a.shape), G.WithShape(a.shape...), G.WithName(name), G.WithValue(a.dense(dtype)))
}

// read copies a value's numbers.
func read(v G.Value) []float64 {
	switch d := v.Data().(type) {
	case float64:
		return []float64{d}
	case float32:
		return []float64{float64(d)}
	case []float64:
		return append([]float64(nil), d...)
	case []float32:
		out := make([]float64, len(d))
		for i, x := range d {
			out[i] = float64(x)
		}
		return out
	}
	return nil
}
