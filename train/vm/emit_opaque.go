package vm

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// opaque runs an operator that the compiler does not know, through its own Do,
// in the caller's goroutine. Only such operators allocate. What it reads is not
// written over in the same run: it may have kept it for its gradient.
func (c *compiled[F]) opaque(v *value, op G.Op, out *slot[F], in []*slot[F]) error {
	operands := make([]operand[F], len(in))
	for i, s := range in {
		operands[i] = operand[F]{slot: s, shape: v.args[i].shape}
	}
	values := make([]G.Value, len(in))
	wanted := out.data
	c.once(v, func(int) {
		for i := range operands {
			values[i] = operands[i].value()
		}
		result, err := op.Do(values...)
		if err != nil {
			c.failure = err
			return
		}
		if result == nil {
			c.failure = fmt.Errorf("%v gave no value", op)
			return
		}
		if wanted == nil {
			out.ext = result
			return
		}
		data, ok := rowMajorFloats(result, new([]F))
		switch {
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

// operand is how an operator of Gorgonia's sees a value: as a tensor that is
// made anew when the numbers lie elsewhere than in the last run.
type operand[F ops.Float] struct {
	slot  *slot[F]
	shape []int
	made  *tensor.Dense
	over  *F // the first of the numbers that made is over
}

func (o *operand[F]) value() G.Value {
	data := o.slot.data
	switch {
	case o.slot.ext != nil:
		return o.slot.ext
	case len(o.shape) == 0 && dtype[F]() == tensor.Float32:
		return G.NewF32(float32(data[0]))
	case len(o.shape) == 0:
		return G.NewF64(float64(data[0]))
	}
	if first := &data[0]; o.over != first {
		o.made, o.over = tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(data)), first
	}
	return o.made
}
