package imagefile_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"symgrad/data/imagefile"
)

// seeds are whole files of every format that Go can write, and a WebP.
func seeds(f *testing.F) (files [][]byte) {
	img := image.NewNRGBA(image.Rect(0, 0, 9, 7))
	for i := range 63 {
		img.SetNRGBA(i%9, i/9, color.NRGBA{uint8(4 * i), uint8(255 - i), uint8(i), uint8(255 - 3*i)})
	}
	add := func(write func(b *bytes.Buffer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			f.Fatal(err)
		}
		files = append(files, b.Bytes())
	}
	add(func(b *bytes.Buffer) error { return png.Encode(b, img) })
	add(func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) })
	add(func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) })
	add(func(b *bytes.Buffer) error { return bmp.Encode(b, img) })
	add(func(b *bytes.Buffer) error { return tiff.Encode(b, img, nil) })
	add(func(b *bytes.Buffer) error {
		return tiff.Encode(b, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	})
	lossless := "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	return append(files, []byte(lossless), []byte("II*\x00\xf0\xff\xff\xff"), []byte("MM\x00*\x00\x00\x00\x08"))
}

// Any bytes are a picture of no more pixels than allowed, or one line of error;
// in memory that the file and the limit explain.
func FuzzDecode(f *testing.F) {
	for _, file := range seeds(f) {
		f.Add(file)
	}
	const most = 1 << 14
	f.Fuzz(func(t *testing.T, file []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		img, err := imagefile.Decode(t.Context(), file, imagefile.Limits{Pixels: most})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20+64*uint64(len(file)) {
			t.Errorf("%d bytes of memory for a file of %d", used, len(file))
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000 {
				t.Fatalf("the error %q", err)
			}
			return
		}
		if size := img.Rect.Size(); size.X < 1 || size.Y < 1 || size.X*size.Y > most {
			t.Fatalf("%v pixels", size)
		}
		if n := len(imagefile.Planes(img, 5, 4)); n != 60 {
			t.Fatalf("%d bytes of planes", n)
		}
	})
}
