package reference

import "math"

// MaxPoolForward keeps the largest element of each window; NaN wins.
//
//	out[b,c,i,j] = max_{u,v} inp[b,c,i*s+u,j*s+v]
//
// inp: (B, C, H, W), out: (B, C, OH, OW)
func MaxPoolForward(out, inp []float64, B, C int, w Window) {
	windows(B, C, w, func(o int, members []int) { out[o] = inp[argmax(inp, members)] })
}

// MaxPoolBackward: the maximum depends on one element alone; of equal ones the
// first, in reading order, gets the whole gradient.
//
//	dinp[argmax of window (i,j)] += dout[b,c,i,j]
func MaxPoolBackward(dinp, dout, inp []float64, B, C int, w Window) {
	clear(dinp)
	windows(B, C, w, func(o int, members []int) { dinp[argmax(inp, members)] += dout[o] })
}

// MeanPoolForward averages each window.
//
//	out[b,c,i,j] = 1/n sum_{u,v} inp[b,c,i*s+u,j*s+v],  n = KH KW
func MeanPoolForward(out, inp []float64, B, C int, w Window) {
	windows(B, C, w, func(o int, members []int) {
		sum := 0.0
		for _, m := range members {
			sum += inp[m]
		}
		out[o] = sum / float64(len(members))
	})
}

// MeanPoolBackward spreads the gradient evenly: d out/d inp = 1/n.
func MeanPoolBackward(dinp, dout []float64, B, C int, w Window) {
	clear(dinp)
	windows(B, C, w, func(o int, members []int) {
		for _, m := range members {
			dinp[m] += dout[o] / float64(len(members))
		}
	})
}

func argmax(inp []float64, members []int) int {
	best := members[0]
	for _, m := range members {
		if math.IsNaN(inp[best]) {
			break
		}
		if inp[m] > inp[best] || math.IsNaN(inp[m]) {
			best = m
		}
	}
	return best
}

// windows visits each output with the indices of its window, in reading order.
func windows(B, C int, w Window, visit func(o int, members []int)) {
	OH, OW := w.Out()
	members := make([]int, w.KH*w.KW)
	for plane := range B * C {
		for i := range OH {
			for j := range OW {
				members = members[:0]
				for u := range w.KH {
					for v := range w.KW {
						y, x, _ := w.at(i, j, u, v)
						members = append(members, (plane*w.H+y)*w.W+x)
					}
				}
				visit((plane*OH+i)*OW+j, members)
			}
		}
	}
}
