package vm

import (
	"fmt"

	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// byIndices emits what moves whole rows of an axis by their numbers.
func (c *compiled[F]) byIndices(v *value, op cut, out, x, indices *slot[F], move func(op cut, out, x []F, indices []int)) {
	c.once(v, func(int) {
		t, ok := indices.ext.(*tensor.Dense)
		if !ok || t.Dtype() != tensor.Int || !inOrder(t.Shape(), t.Strides()) {
			c.failure = fmt.Errorf("the indices are a %T, want a row of int", indices.ext)
			return
		}
		numbers := t.Ints()
		for _, i := range numbers {
			if i < 0 || i >= op.axis {
				c.failure = fmt.Errorf("index %d of an axis of %d", i, op.axis)
				return
			}
		}
		move(op, out.data, x.data, numbers)
	})
}

func takeRows[F ops.Float](op cut, out, x []F, indices []int) {
	at := 0
	for i := range op.outer {
		for _, j := range indices {
			from := (i*op.axis + j) * op.inner
			at += copy(out[at:at+op.inner], x[from:])
		}
	}
}

// addRows is the gradient of takeRows: a row that was taken twice gets the sum.
func addRows[F ops.Float](op cut, dx, dy []F, indices []int) {
	clear(dx)
	for i := range op.outer {
		for k, j := range indices {
			to, from := (i*op.axis+j)*op.inner, (i*len(indices)+k)*op.inner
			row := dx[to : to+op.inner]
			for q, d := range dy[from : from+op.inner] {
				row[q] += d
			}
		}
	}
}
