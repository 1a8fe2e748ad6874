package vm

import (
	"symgrad/models/stock"
	"symgrad/train/vm/kernel/vec"
)

// batchNormGrad emits the gradient of a normalisation y = (x - mean) scale: in
// training (dy - mean(dy) - y mean(y dy)) scale, else dy scale.
func (c *compiled[F]) batchNormGrad(v *value, op stock.BatchNorm, dx, x, dy, stats *slot[F]) {
	n := normalOf[F](op, v.shape)
	c.perChannels(v, n, func(work []F, from, to int) {
		m := n.moments(stats.data, from, to)
		if n.planes() {
			for k := range m.mean {
				n.gradOfPlanes(dx.data, x.data, dy.data, m, work, from, k)
			}
			return
		}
		n.gradOfRows(dx.data, x.data, dy.data, m, work, from)
	})
}

// gradOfPlanes writes channel from+k of dx.
func (n *normal[F]) gradOfPlanes(dx, x, dy []F, m moments[F], work []F, from, k int) {
	scale, channel := m.scale[k], from+k
	if !*n.Training {
		for b := range n.batch {
			vec.MulScalar(n.plane(dx, b, channel), n.plane(dy, b, channel), scale)
		}
		return
	}
	work = work[:n.area]
	var sum, dot float64
	for b := range n.batch {
		d := n.plane(dy, b, channel)
		n.centredPlane(work, x, m, b, from, k)
		vec.Mul(work, work, d)
		sum += float64(vec.Sum(d))
		dot += float64(vec.Sum(work))
	}
	count := float64(n.count())
	dMean, slope := F(sum/count), F(dot*float64(scale)*float64(scale)/count)
	for b := range n.batch {
		to := n.plane(dx, b, channel)
		n.centredPlane(to, x, m, b, from, k)
		vec.MulScalar(to, to, slope)
		vec.SubScalar(work, n.plane(dy, b, channel), dMean)
		vec.Sub(to, work, to)
		vec.MulScalar(to, to, scale)
	}
}

// gradOfRows writes the channels of dx from one on, where each has one number an
// example.
func (n *normal[F]) gradOfRows(dx, x, dy []F, m moments[F], work []F, from int) {
	width, scale := len(m.mean), m.scale
	to := from + width
	if !*n.Training {
		for b := range n.batch {
			vec.Mul(n.row(dx, b, from, to), n.row(dy, b, from, to), scale)
		}
		return
	}
	part, dMean, slope := work[:width], work[width:2*width], work[2*width:3*width]
	vec.ColumnSums(dMean, dy[from:], n.batch, n.channels)
	vec.DivScalar(dMean, dMean, n.count())
	clear(slope)
	for b := range n.batch {
		n.centredRow(part, x, m, b, from)
		vec.Mul(part, part, n.row(dy, b, from, to))
		vec.Add(slope, slope, part)
	}
	vec.Mul(slope, slope, scale)
	vec.Mul(slope, slope, scale)
	vec.DivScalar(slope, slope, n.count())
	for b := range n.batch {
		d := n.row(dx, b, from, to)
		n.centredRow(d, x, m, b, from)
		vec.Mul(d, d, slope)
		vec.Sub(part, n.row(dy, b, from, to), dMean)
		vec.Sub(d, part, d)
		vec.Mul(d, d, scale)
	}
}
