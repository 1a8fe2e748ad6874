package vm

import (
	"symgrad/models/ops"
	"symgrad/models/stock"
)

// patches emits what goes between images (B, C, H, W) and their patches, an
// image at a time.
func (c *compiled[F]) patches(v *value, w stock.Im2Col, image, patch []int, out, in *slot[F], run func(w stock.Im2Col, image, patch []int, out, in []F)) {
	batch := image[0]
	toSize, fromSize := v.size/batch, v.args[0].size/batch
	const cost = 4 // of a number
	c.ranges(v, batch, rowPieces(batch, cost*max(toSize, fromSize)), func(_, from, to int) {
		for b := from; b < to; b++ {
			run(w, image, patch, out.data[b*toSize:(b+1)*toSize], in.data[b*fromSize:(b+1)*fromSize])
		}
	})
}

// rows visits, for every place in the window and every row of patches, those of
// the row whose pixel is inside the image: where the first lies among the patches
// and in the image, and how many there are, at times none. The next one is a patch
// and a stride further on.
func rows(w stock.Im2Col, image, patch []int, visit func(at, from, count int)) {
	height, width := image[2], image[3]
	for k := range patch[3] {
		c, i, j := k/(w.Window[0]*w.Window[1]), k/w.Window[1]%w.Window[0], k%w.Window[1]
		left := j*w.Dilation[1] - w.Pad[1]
		first := max(0, (-left+w.Stride[1]-1)/w.Stride[1])
		last := min(patch[2], (width-left+w.Stride[1]-1)/w.Stride[1])
		for y := range patch[1] {
			row := y*w.Stride[0] + i*w.Dilation[0] - w.Pad[0]
			if row >= 0 && row < height {
				visit((y*patch[2]+first)*patch[3]+k, (c*height+row)*width+left+first*w.Stride[1], last-first)
			}
		}
	}
}

// patchesOf writes the patches of one image; what is outside the image is 0.
func patchesOf[F ops.Float](w stock.Im2Col, image, patch []int, out, in []F) {
	if outside(w, image) {
		clear(out)
	}
	length, stride := patch[3], w.Stride[1]
	rows(w, image, patch, func(at, from, count int) {
		for range count {
			out[at] = in[from]
			at, from = at+length, from+stride
		}
	})
}

// outside tells whether windows reach beyond the image: where it is padded, and
// where none has room: Gorgonia rounds their number towards zero, so that by a
// stride of 2 and more one is left.
func outside(w stock.Im2Col, image []int) bool {
	for axis := range 2 {
		if w.Pad[axis] > 0 || (w.Window[axis]-1)*w.Dilation[axis] >= image[2+axis] {
			return true
		}
	}
	return false
}

// imageOf adds patches up to one image.
func imageOf[F ops.Float](w stock.Im2Col, image, patch []int, out, in []F) {
	clear(out)
	length, stride := patch[3], w.Stride[1]
	rows(w, image, patch, func(at, from, count int) {
		for range count {
			out[from] += in[at]
			at, from = at+length, from+stride
		}
	})
}
