package reference

// Window is how a filter or a pool lies on images of H x W: size KH x KW,
// steps of Stride, Pad zero rows and columns on every side.
type Window struct{ H, W, KH, KW, Stride, Pad int }

// Out is the number of positions, rounded down.
func (w Window) Out() (OH, OW int) {
	return (w.H+2*w.Pad-w.KH)/w.Stride + 1, (w.W+2*w.Pad-w.KW)/w.Stride + 1
}

// at is the image row and column under offset (u, v) of position (i, j).
func (w Window) at(i, j, u, v int) (y, x int, inside bool) {
	y, x = i*w.Stride+u-w.Pad, j*w.Stride+v-w.Pad
	return y, x, y >= 0 && y < w.H && x >= 0 && x < w.W
}

// Conv2DForward slides K filters over images of C channels (cross-correlation).
//
//	out[b,k,i,j] = bias[k] + sum_{c,u,v} inp[b,c,i*s+u-p,j*s+v-p] weight[k,c,u,v]
//
// inp: (B, C, H, W), weight: (K, C, KH, KW), bias: (K) or nil, out: (B, K, OH, OW)
func Conv2DForward(out, inp, weight, bias []float64, B, C, K int, w Window) {
	each(B, C, K, w, func(o, k int) {
		out[o] = 0
		if bias != nil {
			out[o] = bias[k]
		}
	}, func(o, x, f int) { out[o] += inp[x] * weight[f] })
}

// Conv2DBackward: each product inp*weight in out passes dout to both factors,
//
//	dinp[b,c,y,x]   = sum over (k,i,j,u,v) with y = i*s+u-p, x = j*s+v-p of dout[b,k,i,j] weight[k,c,u,v]
//	dweight[k,c,u,v] = sum_{b,i,j} dout[b,k,i,j] inp[b,c,i*s+u-p,j*s+v-p]
//	dbias[k]         = sum_{b,i,j} dout[b,k,i,j]
func Conv2DBackward(dinp, dweight, dbias, dout, inp, weight []float64, B, C, K int, w Window) {
	clear(dinp)
	clear(dweight)
	clear(dbias)
	each(B, C, K, w, func(o, k int) {
		if dbias != nil {
			dbias[k] += dout[o]
		}
	}, func(o, x, f int) {
		dinp[x] += dout[o] * weight[f]
		dweight[f] += dout[o] * inp[x]
	})
}

// each visits every output (index o, map k) and then every pair of an image
// element x and a filter element f whose product it holds.
func each(B, C, K int, w Window, output func(o, k int), product func(o, x, f int)) {
	OH, OW := w.Out()
	for b := range B {
		for k := range K {
			for i := range OH {
				for j := range OW {
					o := ((b*K+k)*OH+i)*OW + j
					output(o, k)
					for c := range C {
						for u := range w.KH {
							for v := range w.KW {
								if y, x, inside := w.at(i, j, u, v); inside {
									product(o, ((b*C+c)*w.H+y)*w.W+x, ((k*C+c)*w.KH+u)*w.KW+v)
								}
							}
						}
					}
				}
			}
		}
	}
}
