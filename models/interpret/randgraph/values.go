package randgraph

import (
	"math"
	"slices"

	"gorgonia.org/tensor"
)

// value is a tensor of a shape, in row-major order, column-major, transposed or
// a slice of a larger one.
func (b *builder) value(shape tensor.Shape) *tensor.Dense {
	n := shape.TotalSize()
	switch b.pick(6) {
	case 1:
		if len(shape) > 1 {
			return tensor.New(tensor.WithShape(shape...), tensor.AsFortran(b.numbers(n)))
		}
	case 2:
		if len(shape) > 1 {
			back := slices.Clone(shape)
			slices.Reverse(back)
			t := tensor.New(tensor.WithShape(back...), tensor.WithBacking(b.numbers(n)))
			if t.T() == nil && t.Shape().Eq(shape) {
				return t
			}
		}
	case 3:
		if len(shape) > 1 && shape[len(shape)-1] > 1 {
			wide := slices.Clone(shape)
			wide[len(wide)-1] += 2
			t := tensor.New(tensor.WithShape(wide...), tensor.WithBacking(b.numbers(wide.TotalSize())))
			ranges := make([]tensor.Slice, len(wide))
			ranges[len(wide)-1] = tensor.S(1, 1+shape[len(shape)-1])
			if view, err := t.Slice(ranges...); err == nil && view.Shape().Eq(shape) {
				return view.(*tensor.Dense)
			}
		}
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(b.numbers(n)))
}

// numbers are of size about 1, all different; now and then a special one.
func (b *builder) numbers(n int) any {
	seed, special := float64(b.byte()), b.opt.Special && b.pick(2) == 0
	values := make([]float64, n)
	for i := range values {
		values[i] = 1.7 * math.Sin(seed+1.3*float64(i)+0.01*float64(i*i))
		if special && b.pick(5) == 0 {
			values[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e-40, -1e-310, 0, 30, -30}[b.pick(9)]
		}
	}
	if b.opt.Dtype == tensor.Float64 {
		return values
	}
	single := make([]float32, n)
	for i, v := range values {
		single[i] = float32(v)
	}
	return single
}
