package vm

import (
	"slices"

	"symgrad/models/ops"
)

// sum adds up over some axes, in the order of memory: rows of numbers that make
// one sum in float64, other rows onto each other.
func (c *compiled[F]) sum(v *value, op sum, out, in *slot[F]) {
	shape, steps := merged(v.args[0].shape, op.steps(v.args[0].shape))
	inner, summed := 1, true
	if n := len(shape); n > 0 {
		inner, summed = shape[n-1], steps[n-1] == 0
		shape, steps = shape[:n-1], steps[:n-1]
	}
	if !summed && len(shape) == 1 { // the columns of a matrix
		c.biasGrad(v, inner, 1, out, in)
		return
	}
	w := newWalk(shape, steps)
	c.once(v, func(int) {
		clear(out.data)
		w.visit(func(number, to int) {
			row := in.data[number*inner : (number+1)*inner]
			if summed {
				out.data[to] += total(row)
				return
			}
			for i, x := range row {
				out.data[to+i] += x
			}
		})
	})
}

// steps are those of the result by the operand's axes: 0 along the summed ones.
func (s sum) steps(shape []int) []int {
	steps := make([]int, len(shape))
	step := 1
	for i := range slices.Backward(shape) {
		if !s.over[i] {
			steps[i] = step
			step *= shape[i]
		}
	}
	return steps
}

// total is a sum in float64.
func total[F ops.Float](x []F) F {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return F(sum)
}
