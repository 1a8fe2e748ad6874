package vm

import (
	"fmt"
	"slices"

	"symgrad/models/ops"
)

// emit adds the instruction of a value that is no group.
func (c *compiled[F]) emit(v *value) error {
	out := c.slot(v)
	var in []*slot[F]
	for _, a := range v.args {
		in = append(in, c.slot(a))
	}
	once := func(run func()) { c.add(v, 1, func(int, int) { run() }) }
	switch op := v.op.(type) {
	case matmul:
		return c.product(v, dense{matmul: op, act: opCopy}, out, in)
	case dense:
		return c.product(v, op, out, in)
	case repeat:
		once(func() { repeatInto(op, out.data, in[0].data) })
	case transpose:
		walk := newWalk(v.args[0].shape, op.perm)
		once(func() { walk.transpose(func(to, from int) { out.data[to] = in[0].data[from] }) })
	case sum:
		c.sum(v, op, out, in[0])
	case softmax:
		c.softmax(v, op.log, v.shape[1], out, in[0])
	case ops.AddBiasOp:
		n, area := channels(v.shape)
		once(func() { ops.PlusBias(n, area, out.data, in[0].data, in[1].data) })
	case ops.BiasGradOp:
		n, area := channels(v.args[0].shape)
		c.biasGrad(v, n, area, out, in[0])
	case ops.Conv2DOp:
		g := op.Geometry(v.args[0].shape, v.args[1].shape)
		once(func() { ops.Convolve(g, out.data, in[0].data, in[1].data) })
	case ops.Conv2DInputGradOp:
		g := op.Geometry(v.args[0].shape, v.args[1].shape)
		once(func() { ops.ConvolveInputGrad(g, out.data, in[0].data, in[1].data) })
	case ops.Conv2DWeightGradOp:
		g := op.Geometry(v.args[0].shape, v.args[1].shape)
		once(func() { ops.ConvolveWeightGrad(g, out.data, in[0].data, in[1].data) })
	case ops.MaxPoolOp:
		g := op.Geometry(v.args[0].shape)
		once(func() { ops.PoolMax(g, out.data, in[0].data) })
	case ops.MaxPoolGradOp:
		g := op.Geometry(v.args[0].shape)
		once(func() { ops.PoolMaxGrad(g, out.data, in[0].data, in[1].data) })
	case ops.MeanPoolOp:
		g := op.Geometry(v.args[0].shape)
		once(func() { ops.PoolMean(g, out.data, in[0].data) })
	case ops.MeanPoolGradOp:
		g := op.Geometry(v.args[0].shape)
		once(func() { ops.PoolMeanGrad(g, out.data, in[0].data) })
	case ops.SoftmaxCrossEntropyOp:
		n := v.args[0].shape[1]
		c.crossEntropy(v, n, out, in[0], in[1])
	case ops.SoftmaxCrossEntropyGradOp:
		n := v.args[0].shape[1]
		c.crossEntropyGrad(v, n, out, in[0], in[1], in[2])
	case opaque:
		return c.opaque(v, op.op, out, in)
	default:
		if single, ok := any(c).(*compiled[float32]); ok {
			return emitConvolution(single, v)
		}
		return fmt.Errorf("no instruction for %T", op)
	}
	return nil
}

// channels gives, of a shape (B, N, ...), N and the numbers after it.
func channels(shape []int) (n, area int) { return shape[1], volume(shape[2:]) }

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

// walk visits the elements of a tensor in the order of permuted axes.
type walk struct{ shape, steps, index []int }

func newWalk(shape, perm []int) *walk {
	strides := make([]int, len(shape))
	step := 1
	for i := range slices.Backward(shape) {
		strides[i] = step
		step *= shape[i]
	}
	w := &walk{index: make([]int, len(shape))}
	for _, axis := range perm {
		w.shape, w.steps = append(w.shape, shape[axis]), append(w.steps, strides[axis])
	}
	return w
}

// transpose visits every element once: to counts up, from is where it stands.
func (w *walk) transpose(visit func(to, from int)) {
	clear(w.index)
	from := 0
	for to := range volume(w.shape) {
		visit(to, from)
		for axis := len(w.shape) - 1; axis >= 0; axis-- {
			w.index[axis]++
			from += w.steps[axis]
			if w.index[axis] < w.shape[axis] {
				break
			}
			from -= w.steps[axis] * w.shape[axis]
			w.index[axis] = 0
		}
	}
}

// sum adds up over some axes, in the order of memory.
func (c *compiled[F]) sum(v *value, op sum, out, in *slot[F]) {
	shape := v.args[0].shape
	if !slices.Contains(op.over, false) {
		c.add(v, 1, func(int, int) {
			total := 0.0
			for _, x := range in.data {
				total += float64(x)
			}
			out.data[0] = F(total)
		})
		return
	}
	if len(shape) == 2 && op.over[0] {
		c.biasGrad(v, shape[1], 1, out, in)
		return
	}
	// Where each element goes: the steps of the summed axes are 0.
	steps := make([]int, len(shape))
	step := 1
	for i := range slices.Backward(shape) {
		if !op.over[i] {
			steps[i] = step
			step *= shape[i]
		}
	}
	w := &walk{shape: shape, steps: steps, index: make([]int, len(shape))}
	c.add(v, 1, func(int, int) {
		clear(out.data)
		w.transpose(func(from, to int) { out.data[to] += in.data[from] })
	})
}
