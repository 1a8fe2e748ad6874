package vm

import (
	"errors"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/gemm"
	"symgrad/train/vm/kernel/vec"
)

// blockwise is a product with the matrix of columns, one for a whole block of
// places and one for the last.
type blockwise[F ops.Float] struct {
	columns[F]
	whole, last *gemm.Product[F]
}

// blockwise prepares the product of a shape for so many places at a time.
func (s *compiled[F]) blockwise(c columns[F], shape func(places int) gemm.Shape) (*blockwise[F], error) {
	whole, err := gemm.New[F](shape(c.width))
	last, err2 := gemm.New[F](shape((c.places-1)%c.width + 1))
	if err = errors.Join(err, err2); err != nil {
		return nil, err
	}
	s.need(c.len() + max(whole.WorkspaceLen(), last.WorkspaceLen()))
	return &blockwise[F]{c, whole, last}, nil
}

// run multiplies for the block that ends at a place.
func (b *blockwise[F]) run(end int, work, out, x, y []F) {
	p := b.whole
	if end == b.places {
		p = b.last
	}
	p.Run(work, out, x, y, nil, 0, p.M, 0, p.N)
}

// convolveColumns emits y from x and w.
func (s *compiled[F]) convolveColumns(v *value, g ops.Geometry, y, x, w *slot[F]) error {
	c := columnsOf[F](g)
	p, err := s.blockwise(c, func(places int) gemm.Shape {
		return gemm.Shape{M: c.maps, N: places, K: c.taps, StrideB: c.width, StrideC: c.places}
	})
	s.ranges(v, c.batch, c.pieces(), func(worker, first, end int) {
		matrix, work := c.space(s.spaces[worker])
		for b := first; b < end; b++ {
			image, maps := c.imageAt(x.data, b), c.mapsAt(y.data, b)
			c.blocks(func(from, to int) {
				c.gather(matrix, image, from, to)
				p.run(to, work, maps[from:], w.data, matrix)
			})
		}
	})
	return err
}

// inputGradColumns emits dx from w and dy.
func (s *compiled[F]) inputGradColumns(v *value, g ops.Geometry, dx, w, dy *slot[F]) error {
	c := columnsOf[F](g)
	p, err := s.blockwise(c, func(places int) gemm.Shape {
		return gemm.Shape{M: c.taps, N: places, K: c.maps, TransA: true, StrideB: c.places, StrideC: c.width}
	})
	s.ranges(v, c.batch, c.pieces(), func(worker, first, end int) {
		matrix, work := c.space(s.spaces[worker])
		for b := first; b < end; b++ {
			image, maps := c.imageAt(dx.data, b), c.mapsAt(dy.data, b)
			clear(image)
			c.blocks(func(from, to int) {
				p.run(to, work, matrix, w.data, maps[from:])
				c.scatter(image, matrix, from, to)
			})
		}
	})
	return err
}

// weightGradColumns emits dw from x and dy: sums over shards of images, whose number
// depends on the shape alone, and then their sum.
func (s *compiled[F]) weightGradColumns(v *value, g ops.Geometry, dw, x, dy *slot[F]) error {
	c := columnsOf[F](g)
	add, err := s.weightGradAdder(c, c.taps)
	pieces := min(shards, c.pieces())
	s.sumShards(v, pieces, c.maps*c.taps, func(worker, piece int, sum []F) {
		for b := piece * c.batch / pieces; b < (piece+1)*c.batch/pieces; b++ {
			add(worker, sum, c.imageAt(x.data, b), c.mapsAt(dy.data, b))
		}
	}, func(total []F) { copy(dw.data, total) })
	return err
}

// eachGradColumns emits the gradient of filters and biases from each image alone,
// map after map.
func (s *compiled[F]) eachGradColumns(v *value, g ops.Geometry, out, x, dy *slot[F]) error {
	c := columnsOf[F](g)
	row := c.taps + 1
	add, err := s.weightGradAdder(c, row)
	s.ranges(v, c.batch, c.pieces(), func(worker, first, end int) {
		for b := first; b < end; b++ {
			one, slopes := out.data[b*c.maps*row:][:c.maps*row], c.mapsAt(dy.data, b)
			clear(one)
			add(worker, one, c.imageAt(x.data, b), slopes)
			for m := range c.maps {
				one[m*row+c.taps] = vec.Sum(slopes[m*c.places:][:c.places])
			}
		}
	})
	return err
}

// weightGradAdder gives what adds the gradient of the filters from one image, dy
// times the columns, to a matrix whose rows are a stride apart.
func (s *compiled[F]) weightGradAdder(c columns[F], stride int) (add func(worker int, sum, image, maps []F), err error) {
	p, err := s.blockwise(c, func(places int) gemm.Shape {
		return gemm.Shape{M: c.maps, N: c.taps, K: places, TransB: true, StrideA: c.places, StrideB: c.width, StrideC: stride, Accumulate: true}
	})
	return func(worker int, sum, image, maps []F) {
		matrix, work := c.space(s.spaces[worker])
		c.blocks(func(from, to int) {
			c.gather(matrix, image, from, to)
			p.run(to, work, sum, maps[from:], matrix)
		})
	}, err
}
