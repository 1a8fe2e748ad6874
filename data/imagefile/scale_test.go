package imagefile_test

import (
	"slices"
	"strings"
	"testing"

	"symgrad/data"
	"symgrad/data/imagefile"
)

// A picture of two halves stays one, and a low one gets a margin of its edge.
func TestScale(t *testing.T) {
	grey := &data.Set{Name: "halves", Shape: []int{1, 2, 2}, Pixels: []uint8{0, 255, 0, 255, 7, 7, 7, 7}, Classes: 2, Labels: []int{0, 1}}
	if err := imagefile.Scale(grey, 6); err != nil || grey.Validate() != nil || !slices.Equal(grey.Shape, []int{1, 6, 6}) {
		t.Fatal(err, grey.Shape)
	}
	for y := range 6 {
		if row := grey.Pixels[6*y:][:6]; row[0] > 8 || row[5] < 247 {
			t.Errorf("row %d is %v", y, row)
		}
	}
	if slices.ContainsFunc(grey.Pixels[36:], func(p uint8) bool { return p != 7 }) {
		t.Errorf("one shade becomes %v", grey.Pixels[36:])
	}
	colour := &data.Set{Name: "low", Shape: []int{3, 1, 2}, Pixels: []uint8{1, 1, 2, 2, 3, 3}, Classes: 2, Labels: []int{1}}
	if err := imagefile.Scale(colour, 4); err != nil || !slices.Equal(colour.Pixels, slices.Concat(shades(1), shades(2), shades(3))) {
		t.Errorf("%v: %v", colour.Pixels, err)
	}
	for _, bad := range []*data.Set{
		{Name: "two", Shape: []int{2, 1, 1}, Pixels: []uint8{1, 2}, Classes: 2, Labels: []int{1}},
		{Name: "numbers", Shape: []int{3}, Values: []float64{1, 2, 3}, Classes: 2, Labels: []int{1}},
	} {
		if err := imagefile.Scale(bad, 4); err == nil || !strings.Contains(err.Error(), bad.Name+" has examples of") {
			t.Error(err)
		}
	}
	if err := imagefile.Scale(colour, 1<<16); err == nil || !strings.Contains(err.Error(), "choose a smaller size") {
		t.Error(err)
	}
}

func shades(v uint8) []uint8 { return slices.Repeat([]uint8{v}, 16) }
