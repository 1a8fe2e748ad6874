package vm

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// opaque runs an operator that the compiler does not know, through its own Do,
// in the caller's goroutine. Only such operators allocate.
func (c *compiled[F]) opaque(v *value, op G.Op, out *slot[F], in []*slot[F]) error {
	args := make([]func() G.Value, len(in))
	for i, s := range in {
		args[i] = c.valueOf(v.args[i], s)
	}
	values := make([]G.Value, len(in))
	wanted := out.data
	c.add(v, 1, func(int, int) {
		for i, arg := range args {
			values[i] = arg()
		}
		result, err := op.Do(values...)
		if err != nil {
			c.failure = err
			return
		}
		data, ok := floats[F](result)
		switch {
		case wanted == nil && result != nil:
			out.ext = result
		case !ok:
			c.failure = fmt.Errorf("%v gave a %T, want %v", op, result, dtype[F]())
		case len(data) != len(wanted):
			c.failure = fmt.Errorf("%v gave %d numbers, want %d", op, len(data), len(wanted))
		default:
			copy(wanted, data)
		}
	})
	return nil
}

// valueOf is how an operator of Gorgonia's sees a value.
func (c *compiled[F]) valueOf(v *value, s *slot[F]) func() G.Value {
	if len(v.shape) == 0 {
		return func() G.Value {
			switch {
			case s.ext != nil:
				return s.ext
			case dtype[F]() == tensor.Float32:
				return G.NewF32(float32(s.data[0]))
			}
			return G.NewF64(float64(s.data[0]))
		}
	}
	return func() G.Value {
		if s.ext != nil {
			return s.ext
		}
		return tensor.New(tensor.WithShape(v.shape...), tensor.WithBacking(s.data))
	}
}
