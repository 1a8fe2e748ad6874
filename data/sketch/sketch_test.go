package sketch_test

import (
	"image"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"symgrad/data/sketch"
)

// all is every kind of drawing by name.
func all() map[string]func(*rand.Rand, int) *image.Gray {
	kinds, printed := map[string]func(*rand.Rand, int) *image.Gray{}, sketch.Printed()
	for _, f := range slices.Concat(sketch.NoDigits(), sketch.Held()) {
		kinds[f.Name] = f.Draw
	}
	for d := range 10 {
		kinds["digit "+strconv.Itoa(d)] = func(r *rand.Rand, side int) *image.Gray { return sketch.Digit(d, r, side) }
		kinds["angular "+strconv.Itoa(d)] = func(r *rand.Rand, side int) *image.Gray { return sketch.Angular(d, r, side) }
		kinds["printed "+strconv.Itoa(d)] = func(r *rand.Rand, side int) *image.Gray { return printed(d, r, side) }
	}
	kinds["number"] = func(r *rand.Rand, side int) *image.Gray { return sketch.Number("90210", r, side) }
	return kinds
}

// A seed decides every pixel, no two drawings are alike, and what is drawn is
// neither next to nothing nor all of the sheet.
func TestDrawings(t *testing.T) {
	for name, draw := range all() {
		seen := map[string]bool{}
		for seed := range uint64(20) {
			img := draw(rand.New(rand.NewPCG(seed, 1)), 56)
			again := draw(rand.New(rand.NewPCG(seed, 1)), 56)
			if img.Rect != image.Rect(0, 0, 56, 56) || !slices.Equal(img.Pix, again.Pix) || seen[string(img.Pix)] {
				t.Fatalf("%s: %v, another one with the same seed, or there already", name, img.Rect)
			}
			seen[string(img.Pix)] = true
			ink := 0
			for _, v := range img.Pix {
				ink += int(v)
			}
			if share := float64(ink) / 255 / 56 / 56; share < 0.004 || share > 0.9 {
				t.Errorf("%s, seed %d: %.3f of the sheet is inked", name, seed, share)
			}
		}
	}
}

// What is held back is of no family that is learned from.
func TestHeldFamiliesAreOthers(t *testing.T) {
	for _, held := range sketch.Held() {
		for _, f := range sketch.NoDigits() {
			a, b := held.Draw(rand.New(rand.NewPCG(1, 1)), 56), f.Draw(rand.New(rand.NewPCG(1, 1)), 56)
			if held.Name == f.Name || slices.Equal(a.Pix, b.Pix) {
				t.Errorf("%s is %s", held.Name, f.Name)
			}
		}
	}
}
