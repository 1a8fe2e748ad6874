package imagefile_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"symgrad/data/imagefile"
)

// files is a picture of 2x1 pixels, blue, in every format that can be written
// here, and WebP's smallest files.
func files(t *testing.T) map[string][]byte {
	img := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.RGBA{0, 0, 255, 255}})
	out := map[string][]byte{}
	for name, base := range map[string]string{
		"WebP lossy": "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", "WebP lossless": "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
	} {
		b, err := base64.StdEncoding.DecodeString(base)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	var b [5]bytes.Buffer
	for _, err := range []error{png.Encode(&b[0], img), jpeg.Encode(&b[1], img, &jpeg.Options{Quality: 100}), gif.Encode(&b[2], img, nil), bmp.Encode(&b[3], img), tiff.Encode(&b[4], img, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range []string{"PNG", "JPEG", "GIF", "BMP", "TIFF"} {
		out[name] = b[i].Bytes()
	}
	return out
}

func TestEveryFormat(t *testing.T) {
	for name, file := range files(t) {
		img, err := imagefile.Decode(file, imagefile.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.HasPrefix(name, "WebP") {
			if img.Rect != image.Rect(0, 0, 1, 1) {
				t.Errorf("%s: %v", name, img.Rect)
			}
			continue
		}
		if c := img.RGBAAt(1, 0); img.Rect != image.Rect(0, 0, 2, 1) || c.R > 3 || c.G > 3 || c.B < 252 || c.A != 255 {
			t.Errorf("%s: %v of %v", name, c, img.Rect)
		}
	}
}

// Files cut anywhere are refused, or, as some decoders do near the end, read; a
// decoder is never asked for what its first bytes don't say.
func TestDamageIsAnError(t *testing.T) {
	for name, file := range files(t) {
		kind, _, _ := strings.Cut(name, " ")
		for n := range len(file) / 2 {
			_, err := imagefile.Decode(file[:n], imagefile.Limits{})
			if err == nil || n > 16 && !strings.Contains(err.Error(), kind) {
				t.Errorf("%s cut at %d: %v", name, n, err)
			}
		}
	}
	for want, file := range map[string]string{
		"broken header of a TIFF":  "II*\x00\xf0\xff\xff\xff",
		"the file is empty":        "",
		"no picture that can be":   "P6 1 1 255 rgb",
		"broken header of a PNG":   "\x89PNG\r\n\x1a\nand then text",
		"broken header of a WebP:": "RIFF\x04\x00\x00\x00WEBPVP8 ",
	} {
		if _, err := imagefile.Decode([]byte(file), imagefile.Limits{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestLimits(t *testing.T) {
	file := files(t)["PNG"]
	if _, err := imagefile.Decode(file, imagefile.Limits{Pixels: 1}); err == nil || err.Error() != "2 x 1 pixels, want at most 1 in all; make it smaller" {
		t.Error(err)
	}
	if _, err := imagefile.Read(bytes.NewReader(file), "x.png", imagefile.Limits{Bytes: int64(len(file)) - 1}); err == nil || !strings.HasPrefix(err.Error(), "data: x.png: the file has more than") {
		t.Error(err)
	}
	if _, err := imagefile.Read(bytes.NewReader(file), "x.png", imagefile.Limits{Bytes: int64(len(file)), Pixels: 2}); err != nil {
		t.Error(err)
	}
}

func TestLuminance(t *testing.T) {
	for v := range 256 {
		if got := imagefile.Luminance([]byte{byte(v), byte(v), byte(v)}); got[0] != byte(v) {
			t.Errorf("grey %d becomes %d", v, got[0])
		}
	}
	if got := imagefile.Luminance([]byte{255, 0, 0, 0, 255, 0, 0, 0, 255}); !slices.Equal(got, []byte{76, 150, 29}) {
		t.Errorf("red, green and blue are %v", got)
	}
	if !imagefile.Grey([]byte{1, 2, 1, 2, 1, 2}) || imagefile.Grey([]byte{1, 2, 1, 2, 1, 3}) {
		t.Error("Grey")
	}
}
