package vm

import (
	"math"

	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
	"symgrad/train/vm/kernel/vec"
)

// normal is one batch normalisation of batch times channels of area numbers.
// What a channel gives does not depend on how channels are cut into pieces.
type normal[F ops.Float] struct {
	stock.BatchNorm
	batch, channels, area int
	runMean, runVar       []F // the operator's own
}

func normalOf[F ops.Float](op stock.BatchNorm, shape []int) *normal[F] {
	mean, variance := op.Op.Stats()
	return &normal[F]{op, shape[0], shape[1], volume(shape[2:]), backing[F](mean.(*tensor.Dense)), backing[F](variance.(*tensor.Dense))}
}

// count is how many numbers a channel has.
func (n *normal[F]) count() F { return F(n.batch * n.area) }

// plane is the numbers of one channel of one example.
func (n *normal[F]) plane(x []F, example, channel int) []F {
	at := (example*n.channels + channel) * n.area
	return x[at : at+n.area : at+n.area]
}

// row is one example's numbers of channels from up to to, where each has one.
func (n *normal[F]) row(x []F, example, from, to int) []F {
	return x[example*n.channels+from : example*n.channels+to]
}

// perChannels runs something on channels from up to to, with scratch of three
// times as many numbers, or of an area.
func (c *compiled[F]) perChannels(v *value, n *normal[F], run func(work []F, from, to int)) {
	const strip = 16
	c.need(max(3*n.channels, n.area))
	strips := (n.channels + strip - 1) / strip
	pieces := min(strips, rowPieces(n.channels, 16*n.batch*n.area))
	c.add(v, pieces, func(worker, piece int) {
		run(c.spaces[worker], piece*strips/pieces*strip, min((piece+1)*strips/pieces*strip, n.channels))
	})
}

// batchNorm emits a normalisation: (x - mean)/deviation of each channel.
func (c *compiled[F]) batchNorm(v *value, op stock.BatchNorm, out, x *slot[F]) {
	n := normalOf[F](op, v.shape)
	stats := &slot[F]{data: make([]F, 2*n.channels)}
	if len(v.side) > 0 {
		stats = c.slot(v.side[0])
	}
	c.perChannels(v, n, func(work []F, from, to int) {
		mean, scale := stats.data[from:to], stats.data[n.channels+from:n.channels+to]
		n.statistics(mean, scale, work, x.data, from)
		if n.area > 1 {
			for k := range mean {
				for b := range n.batch {
					y := n.plane(out.data, b, from+k)
					vec.SubScalar(y, n.plane(x.data, b, from+k), mean[k])
					vec.MulScalar(y, y, scale[k])
				}
			}
			return
		}
		for b := range n.batch {
			y := n.row(out.data, b, from, to)
			vec.Sub(y, n.row(x.data, b, from, to), mean)
			vec.Mul(y, y, scale)
		}
	})
}

// statistics gives the mean and 1/deviation of channels from one on: the batch's,
// which move the running ones, or in evaluation those.
func (n *normal[F]) statistics(mean, scale, work, x []F, from int) {
	runMean, runVar := n.runMean[from:][:len(mean)], n.runVar[from:][:len(mean)]
	if !*n.Training {
		copy(mean, runMean)
		for k, v := range runVar {
			scale[k] = deviation(v, n.Epsilon)
		}
		return
	}
	if n.area > 1 {
		n.momentsOfPlanes(mean, scale, work, x, from)
	} else {
		n.momentsOfRows(mean, scale, work, x, from)
	}
	momentum, count := F(n.Momentum), n.count()
	for k, squares := range scale {
		runMean[k] = momentum*mean[k] + (1-momentum)*runMean[k]
		runVar[k] = momentum*(squares/(count-1)) + (1-momentum)*runVar[k]
		scale[k] = deviation(squares/count, n.Epsilon)
	}
}

// deviation is 1/sqrt(variance + epsilon).
func deviation[F ops.Float](variance F, epsilon float64) F {
	return F(1 / math.Sqrt(float64(variance)+epsilon))
}

// momentsOfPlanes gives each channel's mean and sum of squares around it.
func (n *normal[F]) momentsOfPlanes(mean, squares, work, x []F, from int) {
	work = work[:n.area]
	for k := range mean {
		sum := 0.0
		for b := range n.batch {
			sum += float64(vec.Sum(n.plane(x, b, from+k)))
		}
		mean[k] = F(sum / float64(n.count()))
		sum = 0
		for b := range n.batch {
			vec.SubScalar(work, n.plane(x, b, from+k), mean[k])
			vec.Square(work, work)
			sum += float64(vec.Sum(work))
		}
		squares[k] = F(sum)
	}
}

// momentsOfRows is momentsOfPlanes where a channel has one number an example.
func (n *normal[F]) momentsOfRows(mean, squares, work, x []F, from int) {
	to := from + len(mean)
	work = work[:len(mean)]
	vec.ColumnSums(mean, x[from:], n.batch, n.channels)
	vec.DivScalar(mean, mean, n.count())
	clear(squares)
	for b := range n.batch {
		vec.Sub(work, n.row(x, b, from, to), mean)
		vec.Square(work, work)
		vec.Add(squares, squares, work)
	}
}
