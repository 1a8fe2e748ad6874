package vm

import "symgrad/models/ops"

// pool emits the maxima of windows, or with dy their gradient, an image's map at
// a time.
func (c *compiled[F]) pool(v *value, g ops.Geometry, run func(g ops.Geometry, maps int)) {
	maps := g.Batch * g.Channels
	pieces := rowPieces(maps, 4*g.Image[0]*g.Image[1])
	c.add(v, pieces, func(_, piece int) {
		for m := piece * maps / pieces; m < (piece+1)*maps/pieces; m++ {
			run(g, m)
		}
	})
}

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

// largest is where the first maximum of a window is, or the first NaN.
func largest[F ops.Float](g ops.Geometry, x []F, i, j int) int {
	width := g.Image[1]
	at := i*g.Stride[0]*width + j*g.Stride[1]
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
