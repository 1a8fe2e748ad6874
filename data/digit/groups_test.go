package digit_test

import (
	"image"
	"image/draw"
	"testing"

	"symgrad/data/digit"
)

// row is MNIST's digits side by side, in white on black, a few pixels apart.
func row(t *testing.T, apart int, examples ...int) image.Image {
	set := digits(t)
	out := image.NewGray(image.Rect(0, 0, 2*28*len(examples), 2*28))
	for k, i := range examples {
		one := &image.Gray{Pix: set.Pixels[i*784 : (i+1)*784], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
		at := image.Pt(14+k*(20+apart), 14)
		draw.Draw(out, image.Rectangle{at, at.Add(image.Pt(28, 28))}, one, image.Point{}, draw.Over)
	}
	return out
}

// What stands side by side is cut apart, in order, and each part is as it would be
// alone.
func TestGroups(t *testing.T) {
	set := digits(t)
	for _, examples := range [][]int{{0, 1}, {7, 3, 0}, {4, 12, 10, 9, 8}} {
		d, err := digit.Find(row(t, 10, examples...))
		if err != nil || len(d.Groups) != len(examples) {
			t.Fatalf("%v: %d groups, %v", examples, len(d.Groups), err)
		}
		for k, i := range examples {
			wellPlaced(t, d.Groups[k])
			if far := alike(d.Groups[k], original(set, i)); far > 0.06 {
				t.Errorf("%v: group %d differs by %.3f from digit %d", examples, k, far, i)
			}
		}
		wellPlaced(t, d.Pixels)
	}
}

// One digit, be it in two strokes, is one thing; so is what is no row: one above
// the other, of two sizes, or too many.
func TestNoGroups(t *testing.T) {
	box := func(rects ...image.Rectangle) image.Image {
		out := image.NewGray(image.Rect(0, 0, 200, 100))
		for _, r := range rects {
			draw.Draw(out, r, image.White, image.Point{}, draw.Src)
		}
		return out
	}
	many := make([]image.Rectangle, 13)
	for i := range many {
		many[i] = image.Rect(10+14*i, 30, 16+14*i, 60)
	}
	for name, img := range map[string]image.Image{
		"one digit":      row(t, 0, 0),
		"two strokes":    box(image.Rect(40, 10, 60, 80), image.Rect(50, 84, 90, 94)),
		"one above":      box(image.Rect(40, 10, 60, 40), image.Rect(40, 50, 60, 80)),
		"of two sizes":   box(image.Rect(40, 10, 60, 80), image.Rect(100, 60, 120, 80)),
		"scattered":      box(image.Rect(40, 10, 60, 40), image.Rect(40, 50, 60, 80), image.Rect(100, 10, 120, 40), image.Rect(100, 50, 120, 80)),
		"more than many": box(many...),
	} {
		d, err := digit.Find(img)
		if err != nil || d.Groups != nil {
			t.Errorf("%s: %d groups, %v", name, len(d.Groups), err)
		}
	}
	if d, err := digit.Find(box(many[:12]...)); err != nil || len(d.Groups) != 12 {
		t.Errorf("twelve in a row: %d groups, %v", len(d.Groups), err)
	}
}
