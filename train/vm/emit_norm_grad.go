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
		mean, scale := stats.data[from:to], stats.data[n.channels+from:n.channels+to]
		if n.area > 1 {
			for k := range mean {
				n.gradOfPlanes(dx.data, x.data, dy.data, mean[k], scale[k], work, from+k)
			}
			return
		}
		n.gradOfRows(dx.data, x.data, dy.data, mean, scale, work, from)
	})
}

// gradOfPlanes writes one channel of dx.
func (n *normal[F]) gradOfPlanes(dx, x, dy []F, mean, scale F, work []F, channel int) {
	if !*n.Training {
		for b := range n.batch {
			vec.MulScalar(n.plane(dx, b, channel), n.plane(dy, b, channel), scale)
		}
		return
	}
	work = work[:n.area]
	sum, dot := 0.0, 0.0
	for b := range n.batch {
		d := n.plane(dy, b, channel)
		vec.SubScalar(work, n.plane(x, b, channel), mean)
		vec.Mul(work, work, d)
		sum += float64(vec.Sum(d))
		dot += float64(vec.Sum(work))
	}
	count := float64(n.count())
	dMean, slope := F(sum/count), F(dot*float64(scale)*float64(scale)/count)
	for b := range n.batch {
		to := n.plane(dx, b, channel)
		vec.SubScalar(to, n.plane(x, b, channel), mean)
		vec.MulScalar(to, to, slope)
		vec.SubScalar(work, n.plane(dy, b, channel), dMean)
		vec.Sub(to, work, to)
		vec.MulScalar(to, to, scale)
	}
}

// gradOfRows writes the channels of dx from one on, where each has one number an
// example.
func (n *normal[F]) gradOfRows(dx, x, dy, mean, scale, work []F, from int) {
	width := len(mean)
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
		vec.Sub(part, n.row(x, b, from, to), mean)
		vec.Mul(part, part, n.row(dy, b, from, to))
		vec.Add(slope, slope, part)
	}
	vec.Mul(slope, slope, scale)
	vec.Mul(slope, slope, scale)
	vec.DivScalar(slope, slope, n.count())
	for b := range n.batch {
		d := n.row(dx, b, from, to)
		vec.Sub(d, n.row(x, b, from, to), mean)
		vec.Mul(d, d, slope)
		vec.Sub(part, n.row(dy, b, from, to), dMean)
		vec.Sub(d, part, d)
		vec.Mul(d, d, scale)
	}
}
