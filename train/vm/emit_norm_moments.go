package vm

import (
	"math"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// statistics gives the mean and 1/deviation of channels from one on: the batch's,
// which move the running ones, or in evaluation those.
func (n *normal[F]) statistics(m moments[F], work, x []F, from int) {
	runMean, runVar := n.runMean[from:][:len(m.mean)], n.runVar[from:][:len(m.mean)]
	if !*n.Training {
		copy(m.mean, runMean)
		clear(m.rest)
		for k, v := range runVar {
			m.scale[k] = deviation(v, n.Epsilon)
		}
		return
	}
	clear(m.rest)
	if n.planes() {
		n.momentsOfPlanes(m, work, x, from)
	} else {
		n.momentsOfRows(m, work, x, from)
	}
	momentum, count := F(n.Momentum), n.count()
	for k, squares := range m.scale {
		runMean[k] = F(momentum*m.mean[k]) + F((1-momentum)*runMean[k])
		runVar[k] = F(momentum*(squares/(count-1))) + F((1-momentum)*runVar[k])
		m.scale[k] = deviation(squares/count, n.Epsilon)
	}
}

// deviation is 1/sqrt(variance + epsilon).
func deviation[F ops.Float](variance F, epsilon float64) F {
	return F(1 / math.Sqrt(float64(variance)+epsilon))
}

// momentsOfPlanes gives each channel's mean and, as scale, the sum of squares
// around it.
func (n *normal[F]) momentsOfPlanes(m moments[F], work, x []F, from int) {
	work = work[:n.area]
	count := float64(n.count())
	for k := range m.mean {
		sum := 0.0
		for b := range n.batch {
			sum += float64(vec.Sum(n.plane(x, b, from+k)))
		}
		m.mean[k] = F(sum / count)
		sum = 0
		for b := range n.batch {
			vec.SubScalar(work, n.plane(x, b, from+k), m.mean[k])
			sum += float64(vec.Sum(work))
		}
		m.rest[k] = F(sum / count)
		sum = 0
		for b := range n.batch {
			n.centredPlane(work, x, m, b, from, k)
			vec.Square(work, work)
			sum += float64(vec.Sum(work))
		}
		m.scale[k] = F(sum)
	}
}

// momentsOfRows is momentsOfPlanes where a channel has one number an example.
func (n *normal[F]) momentsOfRows(m moments[F], work, x []F, from int) {
	work = work[:len(m.mean)]
	vec.ColumnSums(m.mean, x[from:], n.batch, n.channels)
	vec.DivScalar(m.mean, m.mean, n.count())
	sums := m.scale
	clear(sums)
	for b := range n.batch {
		n.centredRow(work, x, m, b, from)
		vec.Add(sums, sums, work)
	}
	vec.DivScalar(m.rest, sums, n.count())
	clear(sums)
	for b := range n.batch {
		n.centredRow(work, x, m, b, from)
		vec.Square(work, work)
		vec.Add(sums, sums, work)
	}
}
