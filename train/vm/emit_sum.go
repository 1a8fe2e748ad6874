package vm

import (
	"slices"

	"symgrad/models/ops"
)

// sum adds up over some axes, in the order of memory.
func (c *compiled[F]) sum(v *value, op sum, out, in *slot[F]) {
	shape := v.args[0].shape
	if !slices.Contains(op.over, false) {
		c.add(v, 1, func(int, int) { out.data[0] = total(in.data) })
		return
	}
	if inner, ok := trailing(shape, op.over); ok {
		c.add(v, 1, func(int, int) {
			for i := range out.data {
				out.data[i] = total(in.data[i*inner : (i+1)*inner])
			}
		})
		return
	}
	if len(shape) == 2 && op.over[0] {
		c.biasGrad(v, shape[1], 1, out, in)
		return
	}
	steps := strides(v.shapeLeft(op)) // of the axes that are left; those of the summed axes are 0
	all := make([]int, len(shape))
	for i, left := 0, 0; i < len(shape); i++ {
		if !op.over[i] {
			all[i] = steps[left]
			left++
		}
	}
	inner := 1
	if last := len(shape) - 1; !op.over[last] { // whole rows are added at once
		for last >= 0 && !op.over[last] {
			inner *= shape[last]
			last--
		}
		shape, all = shape[:last+1], all[:last+1]
	}
	w := newWalk(shape, all)
	c.add(v, 1, func(int, int) {
		clear(out.data)
		w.visit(func(from, to int) {
			sums := out.data[to : to+inner]
			for i, x := range in.data[from*inner : (from+1)*inner] {
				sums[i] += x
			}
		})
	})
}

// shapeLeft is the operand's shape without the summed axes.
func (v *value) shapeLeft(op sum) (left []int) {
	for i, d := range v.args[0].shape {
		if !op.over[i] {
			left = append(left, d)
		}
	}
	return left
}

// trailing tells whether the summed axes are the last ones, and how many
// numbers make one sum.
func trailing(shape []int, over []bool) (inner int, ok bool) {
	inner = 1
	i := len(shape) - 1
	for ; i >= 0 && over[i]; i-- {
		inner *= shape[i]
	}
	return inner, i < len(shape)-1 && !slices.Contains(over[:i+1], true)
}

// total is a sum in float64.
func total[F ops.Float](x []F) F {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return F(sum)
}
