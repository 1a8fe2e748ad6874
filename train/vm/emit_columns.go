package vm

import (
	"symgrad/models/ops"
	"symgrad/train/vm/kernel/vec"
)

// columns are the patches of an image as columns of a matrix (taps, places), some
// rows of places at a time, which a worker's workspace holds. Filters times columns
// are the image's maps, and the gradients are products, too: Chellapilla, Puri and
// Simard, "High performance convolutional neural networks for document processing"
// (2006). So run the convolutions that no kernel was chosen for, those of float64
// above all.
type columns[F ops.Float] struct {
	one          ops.Geometry // of one image and one map
	batch, maps  int
	taps, places int // C*kh*kw, OH*OW
	image        int // numbers of one
	rows         int // of places at a time
	width        int // places in so many rows
}

// columnsLen is about how many numbers of a matrix stay in a processor's own cache.
const columnsLen = 1 << 15

func columnsOf[F ops.Float](g ops.Geometry) columns[F] {
	out := g.Out()
	c := columns[F]{
		one: g, batch: g.Batch, maps: g.Maps,
		taps:   g.Channels * area(g.Window),
		places: area(out),
		image:  g.Channels * area(g.Image),
	}
	c.one.Batch, c.one.Maps = 1, 1
	c.rows = min(out[0], max(1, columnsLen/(c.taps*out[1])))
	c.width = c.rows * out[1]
	return c
}

// len is how many numbers the matrix has.
func (c columns[F]) len() int { return c.taps * c.width }

// space is a worker's for the matrix, and what is left of it.
func (c columns[F]) space(work []F) (matrix, others []F) { return work[:c.len()], work[c.len():] }

// pieces is how many pieces the work on all images is worth.
func (c columns[F]) pieces() int { return rowPieces(c.batch, c.maps*c.taps*c.places) }

// imageAt and mapsAt are what belongs to image b.
func (c columns[F]) imageAt(x []F, b int) []F { return x[b*c.image:][:c.image] }
func (c columns[F]) mapsAt(y []F, b int) []F  { return y[b*c.maps*c.places:][:c.maps*c.places] }

// blocks visits the rows of an image's places, some at a time, as the places
// [from, to).
func (c columns[F]) blocks(visit func(from, to int)) {
	for from := 0; from < c.places; from += c.width {
		visit(from, min(from+c.width, c.places))
	}
}

// gather writes the columns of an image's places; what is outside the image is 0.
func (c columns[F]) gather(matrix, image []F, from, to int) {
	if c.one.Pad != [2]int{} {
		clear(matrix)
	}
	step := c.one.Stride[1]
	c.visit(from, to, func(at, pixel, length int) {
		row := matrix[at:][:length]
		if step == 1 {
			copy(row, image[pixel:])
			return
		}
		for j := range row {
			row[j] = image[pixel+j*step]
		}
	})
}

// scatter adds columns to an image.
func (c columns[F]) scatter(image, matrix []F, from, to int) {
	step := c.one.Stride[1]
	c.visit(from, to, func(at, pixel, length int) {
		row := matrix[at:][:length]
		if step == 1 {
			vec.Add(image[pixel:][:length], image[pixel:][:length], row)
			return
		}
		for j, v := range row {
			image[pixel+j*step] += v
		}
	})
}

// visit goes through the stretches of a matrix and where their pixels are.
func (c columns[F]) visit(from, to int, visit func(at, pixel, length int)) {
	wide := c.width / c.rows
	c.one.Rows(from/wide, to/wide, func(place, pixel, tap, length int) {
		visit(tap*c.width+place-from, pixel, length)
	})
}
