package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// repeatInto writes each element of an axis several times in a row.
func repeatInto[F ops.Float](op repeat, out, x []F) {
	at := 0
	for i := range op.outer * op.axis {
		row := x[i*op.inner : (i+1)*op.inner]
		for range op.times {
			at += copy(out[at:], row)
		}
	}
}

// cutInto copies a range of an axis.
func cutInto[F ops.Float](c cut, out, x []F) {
	at := 0
	for i := range c.outer {
		for j := range c.length {
			from := (i*c.axis + c.from + j*c.step) * c.inner
			at += copy(out[at:], x[from:from+c.inner])
		}
	}
}

// uncutInto is the gradient of cutInto: dy where the range was, else 0.
func uncutInto[F ops.Float](c cut, dx, dy []F) {
	clear(dx)
	at := 0
	for i := range c.outer {
		for j := range c.length {
			to := (i*c.axis + c.from + j*c.step) * c.inner
			at += copy(dx[to:to+c.inner], dy[at:])
		}
	}
}

// concat emits operands one after the other along an axis.
func (c *compiled[F]) concat(v *value, op concat, out *slot[F], in []*slot[F]) {
	row := v.size / op.outer
	c.add(v, 1, func(int, int) {
		at := 0
		for _, s := range in {
			width := len(s.data) / op.outer
			for i := range op.outer {
				copy(out.data[i*row+at:], s.data[i*width:(i+1)*width])
			}
			at += width
		}
	})
}

// transpose emits the exchange of axes. The last axes that stay where they are
// move together; two that change places are a matrix transposed.
func (c *compiled[F]) transpose(v *value, op transpose, out, in *slot[F]) {
	shape, steps := merged(permuted(v.args[0].shape, op.perm))
	inner := 1
	if last := len(shape) - 1; last >= 0 && steps[last] == 1 {
		inner, shape, steps = shape[last], shape[:last], steps[:last]
	}
	if n := len(shape); inner == 1 && n >= 2 && steps[n-2] == 1 { // the last two, each matrix by itself
		rows, columns, step := shape[n-2], shape[n-1], steps[n-1]
		w := newWalk(shape[:n-2], steps[:n-2])
		c.add(v, 1, func(int, int) {
			w.visit(func(number, offset int) {
				to := number * rows * columns
				vec.Transpose(out.data[to:], columns, in.data[offset:], step, columns, rows)
			})
		})
		return
	}
	w := newWalk(shape, steps)
	c.add(v, 1, func(int, int) {
		w.visit(func(number, offset int) {
			if inner == 1 {
				out.data[number] = in.data[offset]
				return
			}
			copy(out.data[number*inner:(number+1)*inner], in.data[offset:offset+inner])
		})
	})
}
