package report

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// A copied image is the one that vgimg resamples, as is one in another size.
func TestImagesAsVgimgDrawsThem(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 20, 9))
	r := rand.New(rand.NewPCG(1, 1))
	for i := range img.Pix {
		img.Pix[i] = byte(r.IntN(256)) | 255*byte(i%4/3) // opaque
	}
	for _, place := range []image.Rectangle{image.Rect(3, 5, 23, 14), image.Rect(45, 41, 65, 50), image.Rect(3, 5, 43, 23)} {
		rect := vg.Rectangle{Min: vg.Point{X: vg.Length(place.Min.X) * pixel, Y: vg.Length(place.Min.Y) * pixel}, Max: vg.Point{X: vg.Length(place.Max.X) * pixel, Y: vg.Length(place.Max.Y) * pixel}}
		paper := func() *vgimg.Canvas { return vgimg.NewWith(vgimg.UseWH(70*pixel, 55*pixel), vgimg.UseDPI(96)) }
		got, want := paper(), paper()
		raster{got}.DrawImage(rect, img)
		want.DrawImage(rect, img)
		if !slices.Equal(got.Image().(*image.RGBA).Pix, want.Image().(*image.RGBA).Pix) {
			t.Errorf("%v: other pixels", place)
		}
	}
}
