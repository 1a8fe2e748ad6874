package conv

// tapGrads adds one image's gradients for 3x3 filters of one channel: lanes are
// maps, acc is (block of 8 maps, tap or bias, map).
func (p *Pooled) tapGrads(acc, x, dz []float32, arg []uint8) {
	c := p.conv
	t := tapGrid{rows: p.pooled[0], cols: p.pooled[1], xStep: c.wide, maps: c.Maps}
	for k := 0; k < c.Maps; k += 8 {
		tapSums(acc[k*10:][:80], x, dz[k:], arg[k:], &t)
	}
}

// tapGrid is the windows of an image. The assembly reads it by field order.
type tapGrid struct {
	rows, cols int // of windows
	xStep      int // between image rows
	maps       int // between windows in the gradient and in the argmax
}

// tapSumsGo is the twin of the assembly, for 8 maps.
func tapSumsGo(acc, x, dz []float32, arg []uint8, t *tapGrid) {
	for i := range t.rows {
		for j := range t.cols {
			at := (i*t.cols + j) * t.maps
			for k, d := range dz[at:][:8] {
				position := int(arg[at+k])
				patch := x[(2*i+position/2)*t.xStep+2*j+position%2:]
				for u := range 3 {
					for v, value := range patch[u*t.xStep:][:3] {
						acc[(3*u+v)*8+k] += d * value
					}
				}
				acc[72+k] += d
			}
		}
	}
}
