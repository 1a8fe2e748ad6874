package conv

// pixelGrid is rows of 2x2 windows of maps of one channel in, with lanes across
// the pixels: columns of 24, 16 or 8 pixels. The assembly reads it by field
// order; steps count floats.
type pixelGrid struct {
	rows, cols int // of the filter
	xStep      int // between image rows
	yMap       int // between maps in y and in the argmax
	down       int // rows of windows
	yRow       int // between them in y and in the argmax
}

// wideMaps is how many maps AVX-512 takes at a time, where AVX2 takes two.
const wideMaps = 5

// pixels runs one image, some maps at a time; the last of them overlap those
// before if the number is not a multiple.
func (p *Pooled) pixels(mode tileMode, y []float32, arg []uint8, x, w, bias []float32) {
	c := p.conv
	area := c.Kernel[0] * c.Kernel[1]
	t := pixelGrid{rows: c.Kernel[0], cols: c.Kernel[1], xStep: c.wide, yMap: len(p.corner), down: p.pooled[0], yRow: p.pooled[1]}
	maps := 2
	if has.AVX512 && c.Maps >= wideMaps {
		maps = wideMaps
	}
	for i := 0; i < c.Maps; i += maps {
		k := min(i, c.Maps-maps)
		for at := 0; at < p.pooled[1]; at += 12 {
			var position []uint8
			if mode == tileArgmax {
				position = arg[k*t.yMap+at:]
			}
			n := min(3, (p.pooled[1]-at)/4)
			pixels(n, maps, mode, y[k*t.yMap+at:], position, x[2*at:], w[k*area:], bias[k:], &t)
		}
	}
}

// pixelsGo is the twin of the assembly: 4n windows in a row.
func pixelsGo(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	for k := range maps {
		filter := w[k*t.rows*t.cols:][:t.rows*t.cols]
		for window := range t.down * 4 * n {
			i, j := window/(4*n), window%(4*n)
			var sum [4]float32
			for q := range sum {
				sum[q] = bias[k] + dot(x[(2*i+q/2)*t.xStep+2*j+q%2:], filter, t)
			}
			best := argmax4(sum)
			y[k*t.yMap+i*t.yRow+j] = sum[best]
			if mode == tileArgmax {
				arg[k*t.yMap+i*t.yRow+j] = best
			}
		}
	}
}

// dot multiplies the patch at the beginning of x with a filter.
func dot(x, filter []float32, t *pixelGrid) (sum float32) {
	for u := range t.rows {
		row := x[u*t.xStep:][:t.cols]
		for v, weight := range filter[u*t.cols:][:t.cols] {
			sum += row[v] * weight
		}
	}
	return sum
}
