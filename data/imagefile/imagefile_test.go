package imagefile_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
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
		img, err := imagefile.Decode(t.Context(), file, imagefile.Limits{})
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
			_, err := imagefile.Decode(t.Context(), file[:n], imagefile.Limits{})
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
		if _, err := imagefile.Decode(t.Context(), []byte(file), imagefile.Limits{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestLimits(t *testing.T) {
	file := files(t)["PNG"]
	if _, err := imagefile.Decode(t.Context(), file, imagefile.Limits{Pixels: 1}); err == nil || err.Error() != "2 x 1 pixels, want at most 1 in all; make it smaller" {
		t.Error(err)
	}
	if _, err := imagefile.Read(t.Context(), bytes.NewReader(file), "x.png", imagefile.Limits{Bytes: int64(len(file)) - 1}); err == nil || !strings.HasPrefix(err.Error(), "data: x.png: the file has more than") {
		t.Error(err)
	}
	if _, err := imagefile.Read(t.Context(), bytes.NewReader(file), "x.png", imagefile.Limits{Bytes: int64(len(file)), Pixels: 2}); err != nil {
		t.Error(err)
	}
}

// A decoder goes over a JPEG's pixels once a scan: many scans are refused where
// the pixels are many, and a picture of few pixels may have more.
func TestScans(t *testing.T) {
	for _, c := range []struct {
		side, scans int
		ok          bool
	}{{64, 1, true}, {64, 16, true}, {64, 17, false}, {16, 256, true}, {16, 257, false}} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, c.side, c.side)), nil); err != nil {
			t.Fatal(err)
		}
		head, scan, _ := strings.Cut(strings.TrimSuffix(b.String(), "\xff\xd9"), "\xff\xda")
		file := head + strings.Repeat("\xff\xda"+scan, c.scans) + "\xff\xd9"
		_, err := imagefile.Decode(t.Context(), []byte(file), imagefile.Limits{Pixels: 64 * 64})
		if c.ok != (err == nil) || err != nil && !strings.Contains(err.Error(), "scans, want at most") {
			t.Errorf("%d x %d pixels in %d scans: %v", c.side, c.side, c.scans, err)
		}
	}
}

// stopping ends a context once that many bytes have been read.
type stopping struct {
	r    *bytes.Reader
	left int
	stop context.CancelFunc
}

func (s *stopping) Read(p []byte) (int, error) {
	n, err := s.r.Read(p[:min(len(p), 100)])
	if s.left -= n; s.left < 0 {
		s.stop()
	}
	return n, err
}

func TestContextEndsReading(t *testing.T) {
	file := files(t)["JPEG"]
	ctx, stop := context.WithCancel(t.Context())
	_, err := imagefile.Read(ctx, &stopping{bytes.NewReader(file), len(file) / 2, stop}, "x", imagefile.Limits{})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := imagefile.Decode(ctx, file, imagefile.Limits{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// impatient is a context that ends when it has been asked for a third time.
type impatient struct {
	context.Context
	asked int
}

func (c *impatient) Err() error {
	if c.asked++; c.asked > 2 {
		return context.Canceled
	}
	return nil
}

// A decoder at work is stopped, not only waited for.
func TestContextEndsDecoding(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 2000, 2000)), nil); err != nil {
		t.Fatal(err)
	}
	ctx := &impatient{Context: t.Context()}
	if _, err := imagefile.Decode(ctx, b.Bytes(), imagefile.Limits{}); !errors.Is(err, context.Canceled) || ctx.asked > 5 {
		t.Errorf("%v, asked %d times", err, ctx.asked)
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
