package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/gemm"
	"symgrad/train/vm/kernel/vec"
)

// columns are the patches of an image as columns of a matrix (taps, places), which
// a worker's workspace holds. Filters times columns are the image's maps, and the
// gradients are products, too: Chellapilla, Puri and Simard, "High performance
// convolutional neural networks for document processing" (2006). So run the
// convolutions that no kernel was chosen for, those of float64 above all.
type columns[F ops.Float] struct {
	one          ops.Geometry // of one image and one map
	batch, maps  int
	taps, places int // C*kh*kw, OH*OW
	image        int // numbers of one
}

func columnsOf[F ops.Float](g ops.Geometry) columns[F] {
	out := g.Out()
	c := columns[F]{
		one: g, batch: g.Batch, maps: g.Maps,
		taps:   g.Channels * g.Window[0] * g.Window[1],
		places: out[0] * out[1],
		image:  g.Channels * g.Image[0] * g.Image[1],
	}
	c.one.Batch, c.one.Maps = 1, 1
	return c
}

// len is how many numbers the matrix has.
func (c columns[F]) len() int { return c.taps * c.places }

// pieces is how many pieces the work on all images is worth.
func (c columns[F]) pieces() int { return rowPieces(c.batch, c.maps*c.len()) }

// imageAt and mapsAt are what belongs to image b.
func (c columns[F]) imageAt(x []F, b int) []F { return x[b*c.image:][:c.image] }
func (c columns[F]) mapsAt(y []F, b int) []F  { return y[b*c.maps*c.places:][:c.maps*c.places] }

// gather writes the columns of an image; what is outside the image is 0.
func (c columns[F]) gather(matrix, image []F) {
	if c.one.Pad != [2]int{} {
		clear(matrix)
	}
	step := c.one.Stride[1]
	c.one.Rows(func(place, from, tap, length int) {
		row := matrix[tap*c.places+place:][:length]
		if step == 1 {
			copy(row, image[from:])
			return
		}
		for j := range row {
			row[j] = image[from+j*step]
		}
	})
}

// scatter adds columns up to an image.
func (c columns[F]) scatter(image, matrix []F) {
	clear(image)
	step := c.one.Stride[1]
	c.one.Rows(func(place, to, tap, length int) {
		row := matrix[tap*c.places+place:][:length]
		if step == 1 {
			vec.Add(image[to:][:length], image[to:][:length], row)
			return
		}
		for j, v := range row {
			image[to+j*step] += v
		}
	})
}

// columnProduct is a product with the matrix of columns for an operand, or for its
// result.
func (s *compiled[F]) columnProduct(c columns[F], shape gemm.Shape) (func(work, out, a, b []F), error) {
	p, err := gemm.New[F](shape)
	if err != nil {
		return nil, err
	}
	s.need(c.len() + p.WorkspaceLen())
	return func(work, out, a, b []F) { p.Run(work[c.len():], out, a, b, nil, 0, shape.M, 0, shape.N) }, nil
}

// convolveColumns emits y from x and w.
func (s *compiled[F]) convolveColumns(v *value, g ops.Geometry, y, x, w *slot[F]) error {
	c := columnsOf[F](g)
	product, err := s.columnProduct(c, gemm.Shape{M: c.maps, N: c.places, K: c.taps})
	s.ranges(v, c.batch, c.pieces(), func(worker, from, to int) {
		work := s.spaces[worker]
		for b := from; b < to; b++ {
			c.gather(work[:c.len()], c.imageAt(x.data, b))
			product(work, c.mapsAt(y.data, b), w.data, work[:c.len()])
		}
	})
	return err
}

// inputGradColumns emits dx from w and dy.
func (s *compiled[F]) inputGradColumns(v *value, g ops.Geometry, dx, w, dy *slot[F]) error {
	c := columnsOf[F](g)
	product, err := s.columnProduct(c, gemm.Shape{M: c.taps, N: c.places, K: c.maps, TransA: true})
	s.ranges(v, c.batch, c.pieces(), func(worker, from, to int) {
		work := s.spaces[worker]
		for b := from; b < to; b++ {
			product(work, work[:c.len()], w.data, c.mapsAt(dy.data, b))
			c.scatter(c.imageAt(dx.data, b), work[:c.len()])
		}
	})
	return err
}

// weightGradColumns emits dw from x and dy: sums over shards of images, whose number
// depends on the shape alone, and then their sum.
func (s *compiled[F]) weightGradColumns(v *value, g ops.Geometry, dw, x, dy *slot[F]) error {
	c := columnsOf[F](g)
	product, err := s.columnProduct(c, gemm.Shape{M: c.maps, N: c.taps, K: c.places, TransB: true, Accumulate: true})
	sums := make([][]F, min(shards, c.pieces()))
	for i := range sums {
		sums[i] = make([]F, c.maps*c.taps)
	}
	s.add(v, len(sums), func(worker, piece int) {
		work := s.spaces[worker]
		clear(sums[piece])
		for b := piece * c.batch / len(sums); b < (piece+1)*c.batch/len(sums); b++ {
			c.gather(work[:c.len()], c.imageAt(x.data, b))
			product(work, sums[piece], c.mapsAt(dy.data, b), work[:c.len()])
		}
	})
	s.once(v, func(int) {
		copy(dw.data, sums[0])
		for _, sum := range sums[1:] {
			vec.Add(dw.data, dw.data, sum)
		}
	})
	return err
}

// eachGradColumns emits the gradient of filters and biases from each image alone,
// map after map.
func (s *compiled[F]) eachGradColumns(v *value, g ops.Geometry, out, x, dy *slot[F]) error {
	c := columnsOf[F](g)
	row := c.taps + 1
	product, err := s.columnProduct(c, gemm.Shape{M: c.maps, N: c.taps, K: c.places, TransB: true, StrideC: row})
	s.ranges(v, c.batch, c.pieces(), func(worker, from, to int) {
		work := s.spaces[worker]
		for b := from; b < to; b++ {
			one, slopes := out.data[b*c.maps*row:][:c.maps*row], c.mapsAt(dy.data, b)
			c.gather(work[:c.len()], c.imageAt(x.data, b))
			product(work, one, slopes, work[:c.len()])
			for m := range c.maps {
				one[m*row+c.taps] = vec.Sum(slopes[m*c.places:][:c.places])
			}
		}
	})
	return err
}
