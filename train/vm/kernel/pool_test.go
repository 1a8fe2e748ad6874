package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestPooling(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		image := [2]int{rapid.IntRange(1, 12).Draw(r, "height"), rapid.IntRange(1, 12).Draw(r, "width")}
		w := drawWindow(r, image)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		out := w.Out(image)
		const planes = 4
		size, pooled := image[0]*image[1], out[0]*out[1]
		var g guard
		defer g.release(r)
		x := batch(r, &g, planes, size, func(int) []float32 { return wholeFloats(rng, size) })
		dy := batch(r, &g, planes, pooled, func(int) []float32 { return wholeFloats(rng, pooled) })
		y, dx := g.floats(r, planes*pooled), g.floats(r, planes*size)
		mean, dmean := g.floats(r, planes*pooled), g.floats(r, planes*size)
		MaxPool(y, x, w, image, 1, planes)
		MaxPoolGrad(dx, x, dy, w, image, 1, planes)
		MeanPool(mean, x, w, image, 1, planes)
		MeanPoolGrad(dmean, dy, w, image, 1, planes)
		for _, s := range [][]float32{y[:pooled], dx[:size], mean[:pooled], dmean[:size]} {
			untouched(r, "another plane", s)
		}
		z := make([]float64, planes*size)
		for i, v := range x {
			z[i] = float64(v)
		}
		wantY, at := naivePool(z, planes, image, w)
		wantX, wantMean, wantDmean := make([]float64, planes*size), make([]float64, planes*pooled), make([]float64, planes*size)
		area := float64(w.Size[0] * w.Size[1])
		for i, a := range at {
			wantX[a] += float64(dy[i])
			n := w.normal()
			corner := i/pooled*size + i%pooled/out[1]*n.Stride[0]*image[1] + i%out[1]*n.Stride[1]
			for u := range w.Size[0] {
				for v := range w.Size[1] {
					wantMean[i] += z[corner+u*image[1]+v] / area
					wantDmean[corner+u*image[1]+v] += float64(dy[i]) / area
				}
			}
		}
		equal(r, "y", y[pooled:], wantY[pooled:])
		equal(r, "dx", dx[size:], wantX[size:])
		closeTo(r, "mean", mean[pooled:], wantMean[pooled:], int(area))
		closeTo(r, "dmean", dmean[size:], wantDmean[size:], int(area))
	})
}

// A NaN wins its window wherever it is, the first of several.
func TestMaximumOfNaN(t *testing.T) {
	nan := float32(math.NaN())
	for mask := 1; mask < 16; mask++ {
		x := []float32{1, 3, 4, 2}
		first := -1
		for i := range x {
			if mask>>i&1 == 1 {
				x[i] = nan
				if first < 0 {
					first = i
				}
			}
		}
		y, dx := []float32{0}, make([]float32, 4)
		w := Window{Size: [2]int{2, 2}}
		MaxPool(y, x, w, [2]int{2, 2}, 0, 1)
		MaxPoolGrad(dx, x, []float32{5}, w, [2]int{2, 2}, 0, 1)
		if y[0] == y[0] || dx[first] != 5 {
			t.Errorf("window %v: maximum %v, gradient %v, want it at %d", x, y, dx, first)
		}
		// The same by every path of a 1x1 or 3x3 convolution that copies its input.
		for _, maps := range []int{2, 8, 16, 24} {
			for _, out := range []Layout{NCHW, NHWC} {
				nanThroughConv(t, x, first, maps, out)
			}
		}
	}
}

// nanThroughConv pools 8 windows like x through filters that copy.
func nanThroughConv(t *testing.T, window []float32, first, maps int, out Layout) {
	t.Helper()
	p, err := NewConvPool(ConvShape{Channels: 1, Height: 2, Width: 16, Maps: maps, Kernel: [2]int{1, 1}}, Window{Size: [2]int{2, 2}}, NCHW, out)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 32)
	for i := range x {
		x[i] = window[i/16*2+i%2]
	}
	w := make([]float32, maps)
	for i := range w {
		w[i] = 1
	}
	y, arg := make([]float32, p.MapLen()), make([]uint8, p.ArgLen())
	packed, s := make([]float32, p.PackedLen()), p.NewScratch()
	p.Pack(packed, w)
	p.Forward(y, arg, x, packed, nil, s, 0, 1)
	predicted := make([]float32, p.MapLen())
	p.Forward(predicted, nil, x, packed, nil, s, 0, 1)
	for i := range y {
		if y[i] == y[i] || predicted[i] == predicted[i] || arg[i] != uint8(first) {
			t.Fatalf("%d maps, layout %d: window %v: y %v, predicted %v, argmax %d, want NaN at %d", maps, out, window, y[i], predicted[i], arg[i], first)
		}
	}
}
