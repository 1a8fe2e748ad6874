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
	c.once(v, func(int) {
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

// transpose emits the exchange of axes, by rows of the last one: they are copied
// where their numbers lie side by side, and where two axes change places, each
// matrix is transposed.
func (c *compiled[F]) transpose(v *value, op transpose, out, in *slot[F]) {
	shape, steps := merged(permuted(v.args[0].shape, op.perm))
	last := len(shape) - 1
	if last < 1 { // nothing moves
		c.once(v, func(int) { copy(out.data, in.data) })
		return
	}
	n, step := shape[last], steps[last]
	w := newWalk(shape[:last], steps)
	move := func(number, offset int) {
		for i := range n {
			out.data[number*n+i] = in.data[offset+i*step]
		}
	}
	switch {
	case step == 1:
		move = func(number, offset int) { copy(out.data[number*n:(number+1)*n], in.data[offset:]) }
	case steps[last-1] == 1:
		rows := shape[last-1]
		w = newWalk(shape[:last-1], steps)
		move = func(number, offset int) {
			vec.Transpose(out.data[number*rows*n:], n, in.data[offset:], step, n, rows)
		}
	}
	c.once(v, func(int) { w.visit(move) })
}
