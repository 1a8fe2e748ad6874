package conv

import (
	"math"
	"testing"
)

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
		// By every path of a 1x1 convolution that copies its input.
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
	p, err := NewPooled(Shape{Channels: 1, Height: 2, Width: 16, Maps: maps, Kernel: [2]int{1, 1}}, Window{Size: [2]int{2, 2}}, NCHW, out)
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
	packed, work := make([]float32, p.PackedLen()), make([]float32, p.WorkspaceLen())
	p.Pack(packed, w)
	p.Forward(y, arg, x, packed, nil, work, 0, 1)
	predicted := make([]float32, p.MapLen())
	p.Forward(predicted, nil, x, packed, nil, work, 0, 1)
	for i := range y {
		if y[i] == y[i] || predicted[i] == predicted[i] || arg[i] != uint8(first) {
			t.Fatalf("%d maps, layout %d: window %v: y %v, predicted %v, argmax %d, want NaN at %d", maps, out, window, y[i], predicted[i], arg[i], first)
		}
	}
}
