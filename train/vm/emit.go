package vm

import (
	"fmt"

	"symgrad/models/ops"
)

// emit adds the instruction of a value that is no group.
func (c *compiled[F]) emit(v *value) error {
	out := c.slot(v)
	var in []*slot[F]
	for _, a := range v.args {
		in = append(in, c.slot(a))
	}
	once := func(run func()) { c.once(v, func(int) { run() }) }
	switch op := v.op.(type) {
	case product:
		return c.product(v, op, out, in)
	case repeat:
		once(func() { repeatInto(op, out.data, in[0].data) })
	case transpose:
		c.transpose(v, op, out, in[0])
	case sum:
		c.sum(v, op, out, in[0])
	case softmax:
		c.softmax(v, op, out, in[0])
	case softmaxGrad:
		c.softmaxGrad(v, op, out, in[0], in[1])
	case cut:
		once(func() { cutInto(op, out.data, in[0].data) })
	case uncut:
		once(func() { uncutInto(op.cut, out.data, in[0].data) })
	case concat:
		c.concat(v, op, out, in)
	case byIndices:
		c.byIndices(v, op.cut, out, in[0], in[1], takeRows[F])
	case byIndicesGrad:
		c.byIndices(v, op.cut, out, in[0], in[1], addRows[F])
	case patches:
		c.patches(v, op.w, v.args[0].shape, v.shape, out, in[0], patchesOf[F])
	case unpatch:
		c.patches(v, op.w, v.shape, v.args[0].shape, out, in[0], imageOf[F])
	case batchNorm:
		c.batchNorm(v, op.BatchNorm, out, in[0])
	case batchNormGrad:
		c.batchNormGrad(v, op.BatchNorm, out, in[0], in[1], in[2])
	case dropout:
		c.dropout(v, op.Dropout, out, in[0])
	case dropoutGrad:
		once(func() { undrop(op.Dropout, out.data, in[0].data, in[1].data) })
	case custom:
		return c.custom(v, op, out, in)
	case opaque:
		return c.opaque(v, op.op, out, in)
	case convolution, weightGrad, eachGrad, inputGrad:
		return emitConvolution(any(c).(*compiled[float32]), v)
	default:
		return fmt.Errorf("no instruction for %v", op)
	}
	return nil
}

// custom emits the operators of package ops as they are.
func (c *compiled[F]) custom(v *value, op custom, out *slot[F], in []*slot[F]) error {
	once := func(run func()) { c.once(v, func(int) { run() }) }
	first := v.args[0].shape
	switch op := op.Op.(type) {
	case ops.AddBiasOp:
		c.plusBias(v, out, in[0], in[1])
	case ops.BiasGradOp:
		n, area := channels(first)
		c.biasGrad(v, n, area, out, in[0])
	case ops.SpreadBiasOp:
		_, area := channels(v.shape)
		once(func() { ops.SpreadBias(area, out.data, in[0].data) })
	case ops.RowSumsOp:
		once(func() { ops.SumRows(first[1], out.data, in[0].data) })
	case ops.Conv2DOp:
		return c.convolveColumns(v, op.Geometry(first, v.args[1].shape), out, in[0], in[1])
	case ops.Conv2DInputGradOp:
		return c.inputGradColumns(v, op.Geometry(first, v.args[1].shape), out, in[0], in[1])
	case ops.Conv2DWeightGradOp:
		return c.weightGradColumns(v, op.Geometry(first, v.args[1].shape), out, in[0], in[1])
	case ops.Conv2DEachGradOp:
		return c.eachGradColumns(v, op.Geometry(first, v.args[1].shape), out, in[0], in[1])
	case ops.MaxPoolOp:
		g := op.Geometry(first)
		c.pool(v, g, func(m int) { poolMax(g, part(out, m, g.Out()), part(in[0], m, g.Image)) })
	case ops.MaxPoolGradOp:
		g := op.Geometry(first)
		c.pool(v, g, func(m int) {
			poolMaxGrad(g, part(out, m, g.Image), part(in[0], m, g.Image), part(in[1], m, g.Out()))
		})
	case ops.MaxPoolPickOp:
		g := op.Geometry(first)
		c.pool(v, g, func(m int) {
			poolMaxPick(g, part(out, m, g.Out()), part(in[0], m, g.Image), part(in[1], m, g.Image))
		})
	case ops.MeanPoolOp:
		g := op.Geometry(first)
		c.pool(v, g, func(m int) { ops.PoolMean(oneMap(g), part(out, m, g.Out()), part(in[0], m, g.Image)) })
	case ops.MeanPoolGradOp:
		g := op.Geometry(first)
		c.pool(v, g, func(m int) { ops.PoolMeanGrad(oneMap(g), part(out, m, g.Image), part(in[0], m, g.Out())) })
	case ops.SoftmaxCrossEntropyOp:
		c.crossEntropy(v, first[0], first[1], out, in[0], in[1])
	case ops.SoftmaxCrossEntropyGradOp:
		c.crossEntropyGrad(v, first[0], first[1], out, in[0], in[1], in[2])
	default:
		return fmt.Errorf("no instruction for %v", op)
	}
	return nil
}

// channels gives, of a shape (B, N, ...), N and the numbers after it.
func channels(shape []int) (n, area int) { return shape[1], volume(shape[2:]) }
