package vm

import (
	"slices"
	"testing"

	"symgrad/models/stock"
)

// TestPatchesWithoutRoom: the one window of an image that is smaller has zeros
// where that ends, whatever was in memory; of one that it just fits, all numbers.
func TestPatchesWithoutRoom(t *testing.T) {
	for _, c := range []struct {
		height, width int
		dilation      [2]int
		want          []float64
	}{
		{1, 3, [2]int{1, 1}, []float64{1, 2, 0, 0}},
		{3, 1, [2]int{1, 1}, []float64{1, 0, 2, 0}},
		{2, 2, [2]int{1, 1}, []float64{1, 2, 3, 4}},
		{3, 3, [2]int{2, 2}, []float64{1, 3, 7, 9}},
		{2, 3, [2]int{2, 2}, []float64{1, 3, 0, 0}},
	} {
		w := stock.Im2Col{Window: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: c.dilation}
		out := []float64{9, 9, 9, 9}
		patchesOf(w, []int{1, 1, c.height, c.width}, []int{1, 1, 1, 4}, out, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}[:c.height*c.width])
		if !slices.Equal(out, c.want) {
			t.Errorf("%dx%d by %v: %v, want %v", c.height, c.width, c.dilation, out, c.want)
		}
	}
}

// TestWhatIsWrittenWhole: patches that lie within the image are not cleared first.
func TestWhatIsWrittenWhole(t *testing.T) {
	for _, c := range []struct {
		pad, dilation [2]int
		height, width int
		outside       bool
	}{
		{[2]int{0, 0}, [2]int{1, 1}, 2, 3, false}, {[2]int{1, 0}, [2]int{1, 1}, 2, 3, true}, {[2]int{0, 1}, [2]int{1, 1}, 2, 3, true},
		{[2]int{0, 0}, [2]int{1, 1}, 1, 3, true}, {[2]int{0, 0}, [2]int{1, 1}, 2, 2, true}, {[2]int{0, 0}, [2]int{2, 1}, 2, 3, true},
		{[2]int{0, 0}, [2]int{2, 2}, 3, 5, false}, {[2]int{0, 0}, [2]int{2, 2}, 3, 4, true},
	} {
		w := stock.Im2Col{Window: [2]int{2, 3}, Stride: [2]int{2, 2}, Dilation: c.dilation, Pad: c.pad}
		if got := outside(w, []int{1, 7, c.height, c.width}); got != c.outside {
			t.Errorf("%+v on %dx%d: %t", w, c.height, c.width, got)
		}
	}
}
