package conv

import "symgrad/train/vm/kernel/internal/fused"

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

// pixelsGo is the twin of the assembly: 4n windows in a row, eight pixels at a time.
func pixelsGo(n, maps int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelGrid) {
	for k := range maps {
		filter := w[k*t.rows*t.cols:][:t.rows*t.cols]
		for window := range t.down * n {
			i, j := window/n, window%n*4
			var pixels [2][8]float32
			for r := range pixels {
				s := &pixels[r]
				for q := range s {
					s[q] = bias[k]
				}
				for u := range t.rows {
					fused.Eights(s, t.cols, filter[u*t.cols:], 1, x[(2*i+r+u)*t.xStep+2*j:], 1)
				}
			}
			at := k*t.yMap + i*t.yRow + j
			for q := range 4 {
				sums := [4]float32{pixels[0][2*q], pixels[0][2*q+1], pixels[1][2*q], pixels[1][2*q+1]}
				best := argmax4(sums)
				y[at+q] = sums[best]
				if mode == tileArgmax {
					arg[at+q] = best
				}
			}
		}
	}
}
