package conv

import "symgrad/train/vm/kernel/internal/fused"

// outerTile sums, over the pixels of feature maps, the products of four maps'
// gradients with a stretch of the pixels' patches: 4 x 8, 16 or 24 weight
// gradients, up to 4 x 96 with AVX-512, that stay in registers meanwhile. The assembly reads it by field
// order; steps count floats.
type outerTile struct {
	rows, cols    int    // of pixels
	xRow, xStep   int    // between the patches of neighbours down and across
	dyRow, dyStep int    // between their gradients
	dyMap         [3]int // from the first map's gradient to the others'
	accMap        [3]int // and in the accumulator
}

// outerVectors is how many of so many vectors of 8 are taken at once: an even
// number with AVX-512, so that three are the rest of an odd one.
func outerVectors(left int) int {
	if !has.AVX512 || left < 4 || left == 5 {
		return min(3, left)
	}
	return min(12, (left-left%2*3)&^1)
}

// outerGo is the twin of the assembly: n vectors of 8, of the last of which
// mask leaves the first lanes.
func outerGo(n int, acc, x, dy []float32, mask *[8]int32, t *outerTile) {
	length := 8*(n-1) + lanes(mask)
	for p := range 4 {
		at, from := 0, 0
		if p > 0 {
			at, from = t.dyMap[p-1], t.accMap[p-1]
		}
		for l := 0; l < length; l += 8 {
			var s [8]float32
			out := acc[from+l:][:min(8, length-l)]
			copy(s[:], out)
			for i := range t.rows {
				fused.Eights(&s, t.cols, dy[i*t.dyRow+at:], t.dyStep, x[i*t.xRow+l:], t.xStep)
			}
			copy(out, s[:])
		}
		if p < 3 && t.dyMap[p] == at {
			return // the rest repeats this map
		}
	}
}

// laneMasks[n] has the first n lanes set.
var laneMasks = [9][8]int32{{}, {-1}, {-1, -1}, {-1, -1, -1}, {-1, -1, -1, -1}, {-1, -1, -1, -1, -1},
	{-1, -1, -1, -1, -1, -1}, {-1, -1, -1, -1, -1, -1, -1}, {-1, -1, -1, -1, -1, -1, -1, -1}}

func laneMask(n int) *[8]int32 { return &laneMasks[min(n, 8)] }

func lanes(mask *[8]int32) int {
	n := 0
	for n < 8 && mask[n] != 0 {
		n++
	}
	return n
}
