package imagefile

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Limits bound a file, and what it may claim before it is decoded.
type Limits struct {
	Bytes  int64 // of the file; 0 means 32 MiB
	Pixels int64 // height times width; 0 means 40 million
}

func (l Limits) filled() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Pixels <= 0 {
		l.Pixels = 40_000_000
	}
	return l
}

// Read decodes a picture from a stream. name stands in errors.
func Read(r io.Reader, name string, limits Limits) (*image.RGBA, error) {
	limits = limits.filled()
	content := bytes.NewBuffer(make([]byte, 0, 8<<10)) // many a picture is not larger
	_, err := content.ReadFrom(io.LimitReader(r, limits.Bytes+1))
	file := content.Bytes()
	if err == nil && int64(len(file)) > limits.Bytes {
		err = fmt.Errorf("the file has more than %d bytes", limits.Bytes)
	}
	var img *image.RGBA
	if err == nil {
		img, err = Decode(file, limits)
	}
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w", name, err)
	}
	return img, nil
}

// Open decodes a picture from a file, whose name stands in errors.
func Open(path string, limits Limits) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	return Read(f, path, limits)
}

// format is a kind of file, known by its first bytes; a dot stands for any byte.
type format struct {
	name   string
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formats() [8]format {
	return [...]format{
		{"PNG", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
		{"JPEG", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
		{"GIF", "GIF87a", gif.DecodeConfig, gif.Decode},
		{"GIF", "GIF89a", gif.DecodeConfig, gif.Decode},
		{"WebP", "RIFF....WEBPVP8", webp.DecodeConfig, webp.Decode},
		{"BMP", "BM", bmp.DecodeConfig, bmp.Decode},
		{"TIFF", "II*\x00", tiff.DecodeConfig, tiff.Decode},
		{"TIFF", "MM\x00*", tiff.DecodeConfig, tiff.Decode},
	}
}

func (f format) matches(file []byte) bool {
	if len(file) < len(f.magic) {
		return false
	}
	for i := range len(f.magic) {
		if f.magic[i] != '.' && f.magic[i] != file[i] {
			return false
		}
	}
	return true
}

// Decode reads a picture, as it was held when it was taken. One that claims more
// pixels than allowed is refused by its header alone.
func Decode(file []byte, limits Limits) (*image.RGBA, error) {
	limits = limits.filled()
	if len(file) == 0 {
		return nil, errors.New("the file is empty")
	}
	for _, f := range formats() {
		if !f.matches(file) {
			continue
		}
		header, err := f.config(bytes.NewReader(file))
		switch {
		case err != nil:
			return nil, fmt.Errorf("broken header of a %s: %w", f.name, err)
		case header.Width < 1 || header.Height < 1:
			return nil, fmt.Errorf("a picture of %d x %d pixels", header.Width, header.Height)
		case int64(header.Width) > limits.Pixels/int64(header.Height):
			return nil, fmt.Errorf("%d x %d pixels, want at most %d in all; make it smaller", header.Width, header.Height, limits.Pixels)
		}
		img, err := f.decode(bytes.NewReader(file))
		if err != nil {
			return nil, fmt.Errorf("broken %s: %w", f.name, err)
		}
		return Upright(overWhite(img), Orientation(file)), nil
	}
	return nil, errors.New("no picture that can be read: want PNG, JPEG, GIF, WebP, BMP or TIFF")
}

// overWhite lays an image on white paper, with its corner at the origin.
func overWhite(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		draw.Draw(out, out.Rect, img, b.Min, draw.Src)
		return out
	}
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	draw.Draw(out, out.Rect, img, b.Min, draw.Over)
	return out
}
