package vm

import (
	"math"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// softmax emits softmax, or its logarithm, along one axis.
func (c *compiled[F]) softmax(v *value, op softmax, out, in *slot[F]) {
	n, step := v.shape[op.axis], volume(v.shape[op.axis+1:])
	rows := v.size / n
	run := func(from, to int) { vec.Softmax(out.data[from*n:to*n], in.data[from*n:to*n], n) }
	if op.log || step != 1 {
		run = func(from, to int) {
			for r := from; r < to; r++ {
				at := r/step*step*n + r%step
				softmaxRow(op.log, n, step, out.data[at:], in.data[at:])
			}
		}
	}
	const cost = 64 // of a number
	c.ranges(v, rows, rowPieces(rows, cost*n), func(_, from, to int) { run(from, to) })
}

// softmaxRow is softmax, or its logarithm, of n numbers that are step apart.
func softmaxRow[F ops.Float](log bool, n, step int, out, x []F) {
	top := F(math.Inf(-1))
	for j := range n {
		top = max(top, x[j*step])
	}
	total := 0.0
	for j := range n {
		e := math.Exp(float64(x[j*step] - top))
		out[j*step] = F(e)
		total += e
	}
	if log {
		total = math.Log(total)
	}
	for j := range n {
		if log {
			out[j*step] = F(float64(x[j*step]-top) - total)
		} else {
			out[j*step] = F(float64(out[j*step]) / total)
		}
	}
}

// softmaxGrad emits y (dy - sum(y dy)) for y = softmax(x), and dy - exp(y) sum(dy)
// for its logarithm, along one axis.
func (c *compiled[F]) softmaxGrad(v *value, op softmaxGrad, out, y, dy *slot[F]) {
	n, step := v.shape[op.axis], volume(v.shape[op.axis+1:])
	rows := v.size / n
	const cost = 16 // of a number
	c.ranges(v, rows, rowPieces(rows, cost*n), func(_, from, to int) {
		for r := from; r < to; r++ {
			at := r/step*step*n + r%step
			softmaxGradRow(op.log, n, step, out.data[at:], y.data[at:], dy.data[at:])
		}
	})
}

func softmaxGradRow[F ops.Float](log bool, n, step int, dx, y, dy []F) {
	total := 0.0
	for j := range n {
		d := float64(dy[j*step])
		if !log {
			d *= float64(y[j*step])
		}
		total += d
	}
	for j := range n {
		if log {
			dx[j*step] = F(float64(dy[j*step]) - float64(math.Exp(float64(y[j*step]))*total))
		} else {
			dx[j*step] = F(float64(y[j*step]) * (float64(dy[j*step]) - total))
		}
	}
}
