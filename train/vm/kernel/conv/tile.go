package conv

import "symgrad/train/vm/kernel/internal/fused"

// A tile is four output pixels by 8, 16 or 24 maps, up to 64 with AVX-512: the unit that convolution
// works in. Its sums stay in registers while it runs through the filter's rows,
// each of which is one contiguous stretch of an NHWC image; so no im2col is
// needed. Offsets count floats, and start at the first pixel's corner.

// tileRow is a row of tiles. The assembly reads it by field order.
type tileRow struct {
	count   int    // tiles in the row
	step    int    // from one tile's corner to the next
	pixel   [3]int // from a tile's corner to its other three pixels'
	rows    int    // the filter's rows
	rowStep int    // between image rows
	length  int    // of a filter row: its width times channels
	yStep   int    // between tiles in the output
	yPixel  [3]int // from a tile's first pixel to the others in the output, where all four are stored
	argStep int    // between tiles in the argmax
}

// tileMode says what becomes of a tile's four sums.
type tileMode uint8

const (
	tileStore  tileMode = iota // all four are stored
	tileMax                    // their maximum is stored
	tileArgmax                 // and its position, the first of equal ones; NaN is the largest
)

// tileRowGo is the twin of the assembly: y, arg, w and bias belong to a block
// of n vectors of 8 maps; w is (filter row, position in the row, map).
func tileRowGo(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *tileRow) {
	maps := 8 * n
	for i := range t.count {
		for k := 0; k < maps; k += 8 {
			sums := tileSums(x[i*t.step:], w[k:], (*[8]float32)(bias[k:]), maps, t)
			at := i*t.yStep + k
			if mode == tileStore {
				*(*[8]float32)(y[at:]) = sums[0]
				for p, step := range t.yPixel {
					*(*[8]float32)(y[at+step:]) = sums[p+1]
				}
				continue
			}
			out := (*[8]float32)(y[at:])
			for q := range out {
				best := argmax4([4]float32{sums[0][q], sums[1][q], sums[2][q], sums[3][q]})
				out[q] = sums[best][q]
				if mode == tileArgmax {
					arg[i*t.argStep+k+q] = best
				}
			}
		}
	}
}

// tileSums convolves four pixels with eight filters.
func tileSums(x, w []float32, bias *[8]float32, maps int, t *tileRow) (sums [4][8]float32) {
	for p := range sums {
		sums[p] = *bias
		corner := x
		if p > 0 {
			corner = x[t.pixel[p-1]:]
		}
		for row := range t.rows {
			fused.Eights(&sums[p], t.length, corner[row*t.rowStep:], 1, w[row*t.length*maps:], maps)
		}
	}
	return sums
}

// argmax4 is the position of the first maximum, or of the first NaN.
func argmax4(a [4]float32) uint8 {
	best := 0
	for p := 1; p < 4; p++ {
		if !(a[p] <= a[best]) && a[best] == a[best] {
			best = p
		}
	}
	return uint8(best)
}

// tileBlocks cuts vectors of 8 maps into blocks of 3 and 2 (1 only where there
// is but one): blocks of one vector wait for loads instead of multiplying.
func tileBlocks(vectors int) []int {
	if has.AVX512 && vectors > 1 {
		return wideBlocks(vectors)
	}
	var blocks []int
	for vectors > 0 {
		n := min(3, vectors)
		if vectors == 4 {
			n = 2
		}
		blocks = append(blocks, n)
		vectors -= n
	}
	return blocks
}

// wideBlocks is tileBlocks for AVX-512: as equal pairs of vectors as can be, up
// to eight vectors a block, and one block of three for an odd number.
func wideBlocks(vectors int) []int {
	var blocks []int
	if vectors%2 == 1 {
		blocks, vectors = append(blocks, 3), vectors-3
	}
	for vectors > 0 {
		left := (vectors + 7) / 8
		n := 2 * ((vectors/2 + left - 1) / left)
		blocks, vectors = append(blocks, n), vectors-n
	}
	return blocks
}
