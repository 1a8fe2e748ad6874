package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// operand is a value that an operator reads: its numbers are row-major and
// native, whatever the tensor's layout is.
type operand[F Float] struct {
	shape tensor.Shape
	data  []F
}

// arithmetic fills all of out.
type arithmetic[O G.Op, F Float] func(op O, out []F, in []operand[F])

// run computes an operator in its operands' float type, into dst or, where that
// is nil, into a fresh value.
func run[O G.Op](op O, dst G.Value, in []G.Value, single arithmetic[O, float32], double arithmetic[O, float64]) (G.Value, error) {
	sizes := make([]G.DimSizer, len(in))
	for i, v := range in {
		if v == nil {
			return nil, fmt.Errorf("ops: %v: operand %d has no value", op, i+1)
		}
		sizes[i] = v.Shape()
	}
	shape, err := op.InferShape(sizes...)
	if err != nil {
		return nil, err
	}
	switch in[0].Dtype() {
	case tensor.Float32:
		return runIn(op, dst, shape, in, single)
	case tensor.Float64:
		return runIn(op, dst, shape, in, double)
	}
	return nil, fmt.Errorf("ops: %v: operand 1 is of %v: want float32 or float64", op, in[0].Dtype())
}

func runIn[O G.Op, F Float](op O, dst G.Value, shape tensor.Shape, in []G.Value, do arithmetic[O, F]) (G.Value, error) {
	operands := make([]operand[F], len(in))
	for i, v := range in {
		data, err := numbers[F](v)
		if err != nil {
			return nil, fmt.Errorf("ops: %v: operand %d: %w", op, i+1, err)
		}
		operands[i] = operand[F]{v.Shape(), data}
	}
	if shape.IsScalar() {
		var out [1]F
		do(op, out[:], operands)
		return scalar(op, dst, out[0])
	}
	if dst == nil {
		dst = tensor.New(tensor.Of(in[0].Dtype()), tensor.WithShape(shape...))
	}
	t, dense := dst.(*tensor.Dense)
	var out []F
	if dense {
		out = memory[F](t)
	}
	if out == nil || !t.Shape().Eq(shape) || !rowMajor(t) {
		return nil, fmt.Errorf("ops: %v: the buffer is a %v of shape %v: want a row-major %v of shape %v", op, dst.Dtype(), dst.Shape(), in[0].Dtype(), shape)
	}
	do(op, out, operands)
	return dst, nil
}

// scalar puts v into dst or, where that is nil, into a fresh scalar.
func scalar[F Float](op fmt.Stringer, dst G.Value, v F) (G.Value, error) {
	_, single := any(v).(float32)
	switch d := dst.(type) {
	case nil:
		if single {
			return G.NewF32(float32(v)), nil
		}
		return G.NewF64(float64(v)), nil
	case *G.F32:
		if single {
			*d = G.F32(v)
			return d, nil
		}
	case *G.F64:
		if !single {
			*d = G.F64(v)
			return d, nil
		}
	}
	return nil, fmt.Errorf("ops: %v: the buffer is a %T: want a scalar of the operands' type", op, dst)
}

// numbers gives a value's numbers in row-major order: the value's own memory
// where it is laid out so, else a copy.
func numbers[F Float](v G.Value) ([]F, error) {
	t, dense := v.(*tensor.Dense)
	if !dense {
		if one, ok := v.Data().(F); ok {
			return []F{one}, nil
		}
		return nil, fmt.Errorf("cannot read a %T of %v: want all dense float32 or all dense float64", v, v.Dtype())
	}
	data, size := memory[F](t), v.Shape().TotalSize()
	switch {
	case len(data) < size:
		return nil, fmt.Errorf("cannot read a %T of %v: want all dense float32 or all dense float64", v, v.Dtype())
	case rowMajor(t):
		return data[:size], nil
	}
	return gather(make([]F, 0, size), data, t.Shape(), t.Strides()), nil
}

// memory gives a tensor's own numbers, in the order of its layout; nil where they
// are of another type. It allocates nothing, which Data does.
func memory[F Float](t *tensor.Dense) (data []F) {
	switch to := any(&data).(type) {
	case *[]float32:
		if t.Dtype() == tensor.Float32 {
			*to = t.Float32s()
		}
	case *[]float64:
		if t.Dtype() == tensor.Float64 {
			*to = t.Float64s()
		}
	}
	return data
}

// rowMajor tells whether a tensor's memory holds its elements in order, without gaps.
func rowMajor(t *tensor.Dense) bool {
	shape, strides := t.Shape(), t.Strides()
	if len(strides) != len(shape) {
		return true // one number has no strides, and a column-major vector one for its two axes: 1
	}
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 && strides[i] != step {
			return false
		}
		step *= shape[i]
	}
	return true
}

// gather appends the elements of a tensor with the given strides in row-major order.
func gather[F Float](out, data []F, shape, strides []int) []F {
	if len(shape) == 0 {
		return append(out, data[0])
	}
	for i := range shape[0] {
		out = gather(out, data[i*strides[0]:], shape[1:], strides[1:])
	}
	return out
}
