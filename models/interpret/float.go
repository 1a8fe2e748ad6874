package interpret

import (
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Float makes a value of a float type and shape from numbers, which are copied.
func Float(dtype tensor.Dtype, shape tensor.Shape, numbers []float64) G.Value {
	if dtype == tensor.Float32 {
		single := make([]float32, len(numbers))
		for i, v := range numbers {
			single[i] = float32(v)
		}
		if len(shape) == 0 {
			return G.NewF32(single[0])
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(single))
	}
	if len(shape) == 0 {
		return G.NewF64(numbers[0])
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(numbers)))
}
