package kernel

// pixelRow is a row of 2x2 windows of maps of one channel in, with lanes across
// the pixels: strips of 24, 16 or 8 pixels. The assembly reads it by field
// order; steps count floats.
type pixelRow struct {
	rows, cols int // of the filter
	xStep      int // between image rows
	yMap       int // between maps in y and in the argmax
}

// pixels runs one image, two maps at a time; the last pair of an odd number
// overlaps the one before.
func (p *ConvPool) pixels(mode tileMode, y []float32, arg []uint8, x, w, bias []float32) {
	c := p.conv
	area := c.Kernel[0] * c.Kernel[1]
	t := pixelRow{rows: c.Kernel[0], cols: c.Kernel[1], xStep: c.wide, yMap: len(p.corner)}
	for i := 0; i < c.Maps; i += 2 {
		k := min(i, c.Maps-2)
		for r := range p.pooled[0] {
			for at := 0; at < p.pooled[1]; at += 12 {
				to := k*t.yMap + r*p.pooled[1] + at
				var position []uint8
				if mode == tileArgmax {
					position = arg[to:]
				}
				n := min(3, (p.pooled[1]-at)/4)
				pixels(n, mode, y[to:], position, x[2*(r*c.wide+at):], w[k*area:], bias[k:], &t)
			}
		}
	}
}

// pixelsGo is the twin of the assembly: 4n windows in a row, of two maps.
func pixelsGo(n int, mode tileMode, y []float32, arg []uint8, x, w, bias []float32, t *pixelRow) {
	area := t.rows * t.cols
	for k := range 2 {
		filter := w[k*area:][:area]
		for i := range 4 * n {
			var sum [4]float32
			for q := range sum {
				at := q/2*t.xStep + 2*i + q%2
				s := bias[k]
				for u := range t.rows {
					row := x[at+u*t.xStep:][:t.cols]
					for v, weight := range filter[u*t.cols:][:t.cols] {
						s += row[v] * weight
					}
				}
				sum[q] = s
			}
			best := argmax4(sum)
			y[k*t.yMap+i] = sum[best]
			if mode == tileArgmax {
				arg[k*t.yMap+i] = best
			}
		}
	}
}
