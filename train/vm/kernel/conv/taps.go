package conv

import "symgrad/train/vm/kernel/internal/fused"

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
	sums := (*[80]float32)(acc)
	for i := range t.rows {
		for j := range t.cols {
			at := (i*t.cols + j) * t.maps
			d := (*[8]float32)(dz[at:])
			var patches [9][8]float32 // what each tap meets, by map
			for k, position := range arg[at:][:8] {
				patch := x[(2*i+int(position/2))*t.xStep+2*j+int(position%2):]
				for u := range 3 {
					row := (*[3]float32)(patch[u*t.xStep:])
					patches[3*u][k], patches[3*u+1][k], patches[3*u+2][k] = row[0], row[1], row[2]
				}
			}
			for tap := range patches {
				fused.Each((*[8]float32)(sums[8*tap:]), d, &patches[tap])
			}
			for k, v := range d {
				sums[72+k] += v
			}
		}
	}
}
