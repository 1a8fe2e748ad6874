package digit_test

import (
	"image/color"
	"testing"

	"symgrad/data/digit/photo"
)

func BenchmarkFind(b *testing.B) {
	img := photo.Photo{Width: 280, Height: 280, Size: 200, X: 40, Y: 40, Ink: color.RGBA{A: 255}, Paper: color.RGBA{250, 250, 250, 255}}.Of(digits(b), 0)
	for b.Loop() {
		if _, err := found(img); err != nil {
			b.Fatal(err)
		}
	}
}
