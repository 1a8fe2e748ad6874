package vm

import (
	"math"

	"symgrad/models/ops"
)

// pool emits the maxima of windows, or with dy their gradient, an image's map at
// a time.
func (c *compiled[F]) pool(v *value, g ops.Geometry, run func(m int)) {
	const cost = 4 // of a number
	maps := g.Batch * g.Channels
	c.ranges(v, maps, rowPieces(maps, cost*area(g.Image)), func(_, from, to int) {
		for m := from; m < to; m++ {
			run(m)
		}
	})
}

func oneMap(g ops.Geometry) ops.Geometry {
	g.Batch, g.Channels = 1, 1
	return g
}

// part is map m of images, or of what windows give, of a size.
func part[F ops.Float](s *slot[F], m int, size [2]int) []F {
	n := area(size)
	return s.data[m*n : (m+1)*n : (m+1)*n]
}

func area(size [2]int) int { return size[0] * size[1] }

// poolMax is the maximum of each window of one map, NaN where there is one.
func poolMax[F ops.Float](g ops.Geometry, y, x []F) {
	out := g.Out()
	for i := range out[0] {
		row := y[i*out[1] : (i+1)*out[1]]
		for j := range row {
			row[j] = x[largest(g, x, i, j)]
		}
	}
}

// poolMaxGrad gives the whole gradient of a window to its first maximum, or its
// first NaN, and adds up where windows overlap.
func poolMaxGrad[F ops.Float](g ops.Geometry, dx, x, dy []F) {
	clear(dx)
	out := g.Out()
	for i := range out[0] {
		for j, d := range dy[i*out[1] : (i+1)*out[1]] {
			dx[largest(g, x, i, j)] += d
		}
	}
}

// poolMaxPick reads u where each window of x has its maximum.
func poolMaxPick[F ops.Float](g ops.Geometry, y, x, u []F) {
	out := g.Out()
	for i := range out[0] {
		row := y[i*out[1] : (i+1)*out[1]]
		for j := range row {
			row[j] = u[largest(g, x, i, j)]
		}
	}
}

// largest is where the first maximum of a window is, or the first NaN.
func largest[F ops.Float](g ops.Geometry, x []F, i, j int) int {
	width := g.Image[1]
	at := i*g.Stride[0]*width + j*g.Stride[1]
	if g.Window == [2]int{2, 2} {
		return largestOfFour(x, at, width)
	}
	best, top := at, x[at]
	for range g.Window[0] {
		for k, v := range x[at : at+g.Window[1]] {
			if (v > top || v != v) && top == top {
				best, top = at+k, v
			}
		}
		at += width
	}
	return best
}

// largestOfFour is largest in a window of 2 x 2, by integers: branches on which
// of four numbers is the largest would be guessed wrong half the time.
func largestOfFour[F ops.Float](x []F, at, width int) int {
	best, top := at, rank(float64(x[at]))
	if r := rank(float64(x[at+1])); r > top {
		best, top = at+1, r
	}
	if r := rank(float64(x[at+width])); r > top {
		best, top = at+width, r
	}
	if r := rank(float64(x[at+width+1])); r > top {
		best = at + width + 1
	}
	return best
}

// rank orders numbers as they are, zeros alike, NaN above all.
func rank(x float64) int64 {
	if x != x {
		return math.MaxInt64
	}
	b := int64(math.Float64bits(x))
	sign := b >> 63 // -1 of what is negative
	return b ^ int64(uint64(sign)>>1) - sign
}
