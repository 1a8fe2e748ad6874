package vm

import (
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
	"symgrad/train/vm/kernel/vec"
)

// normal is one batch normalisation of batch times channels of area numbers.
// What a channel gives does not depend on how channels are cut into pieces. A
// mean is kept in two parts, the second what rounding took of the first, so that
// a channel of nearly equal numbers is centred all the same.
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

// planes tells whether a channel has more than one number an example.
func (n *normal[F]) planes() bool { return n.area > 1 }

// plane is the numbers of one channel of one example.
func (n *normal[F]) plane(x []F, example, channel int) []F {
	at := (example*n.channels + channel) * n.area
	return x[at : at+n.area : at+n.area]
}

// row is one example's numbers of channels from up to to, where each has one.
func (n *normal[F]) row(x []F, example, from, to int) []F {
	return x[example*n.channels+from : example*n.channels+to]
}

// moments are what is besides a normalisation, of some channels.
type moments[F ops.Float] struct{ mean, rest, scale []F }

// momentsLen is how many numbers they are.
func momentsLen(channels int) int { return 3 * channels }

// moments gives those of channels from up to to.
func (n *normal[F]) moments(stats []F, from, to int) moments[F] {
	c := n.channels
	return moments[F]{stats[from:to], stats[c+from : c+to], stats[2*c+from : 2*c+to]}
}

// perChannels runs something on channels from up to to, with scratch for as many
// numbers as their moments are, or an area.
func (c *compiled[F]) perChannels(v *value, n *normal[F], run func(work []F, from, to int)) {
	const strip, cost = 16, 16 // channels, and operations that a number costs
	c.need(max(momentsLen(n.channels), n.area))
	c.strips(v, n.channels, strip, rowPieces(n.channels, cost*n.batch*n.area), func(worker, from, to int) {
		run(c.spaces[worker], from, to)
	})
}

// batchNorm emits a normalisation: (x - mean)/deviation of each channel.
func (c *compiled[F]) batchNorm(v *value, op stock.BatchNorm, out, x *slot[F]) {
	n := normalOf[F](op, v.shape)
	stats := &slot[F]{data: make([]F, momentsLen(n.channels))}
	if len(v.side) > 0 {
		stats = c.slot(v.side[0])
	}
	c.perChannels(v, n, func(work []F, from, to int) {
		m := n.moments(stats.data, from, to)
		n.statistics(m, work, x.data, from)
		if n.planes() {
			for k, scale := range m.scale {
				for b := range n.batch {
					y := n.plane(out.data, b, from+k)
					n.centredPlane(y, x.data, m, b, from, k)
					vec.MulScalar(y, y, scale)
				}
			}
			return
		}
		for b := range n.batch {
			y := n.row(out.data, b, from, to)
			n.centredRow(y, x.data, m, b, from)
			vec.Mul(y, y, m.scale)
		}
	})
}

// centredPlane is x - mean of channel from+k of one example.
func (n *normal[F]) centredPlane(dst, x []F, m moments[F], example, from, k int) {
	vec.SubScalar(dst, n.plane(x, example, from+k), m.mean[k])
	vec.SubScalar(dst, dst, m.rest[k])
}

// centredRow is x - mean of one example's channels from one on.
func (n *normal[F]) centredRow(dst, x []F, m moments[F], example, from int) {
	vec.Sub(dst, n.row(x, example, from, from+len(dst)), m.mean)
	vec.Sub(dst, dst, m.rest)
}
