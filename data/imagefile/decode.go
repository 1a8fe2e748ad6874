package imagefile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// MaxBytes is the largest file that is read where no limit is given.
const MaxBytes = 32 << 20

// Limits bound a file, and what it may claim before it is decoded.
type Limits struct {
	Bytes  int64    // of the file; 0 means [MaxBytes]
	Pixels int64    // height times width; 0 means 40 million
	Only   []string // names of formats, such as "PNG"; nil: all
}

// passes bounds how often a decoder may go over the pixels of a JPEG of the most
// pixels: a progressive one has about ten scans.
const passes = 16

func (l Limits) filled() Limits {
	if l.Bytes <= 0 {
		l.Bytes = MaxBytes
	}
	if l.Pixels <= 0 {
		l.Pixels = 40_000_000
	}
	return l
}

// Named tells whether a file's name ends as those of pictures do.
func Named(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff":
		return true
	}
	return false
}

// Read decodes a picture from a stream as [Decode] does. name stands in errors.
func Read(ctx context.Context, r io.Reader, name string, limits Limits) (*image.RGBA, error) {
	img, orientation, err := Raw(ctx, r, limits)
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w", name, err)
	}
	return Upright(overWhite(img), orientation), nil
}

// Open decodes a picture from a file, whose name stands in errors.
func Open(ctx context.Context, path string, limits Limits) (*image.RGBA, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 { // opening it waits for who may never write
		return nil, fmt.Errorf("data: %s is a pipe, want a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	defer f.Close()
	return Read(ctx, f, path, limits)
}

// Decode reads a picture, as it was held when it was taken, over white paper.
func Decode(ctx context.Context, file []byte, limits Limits) (*image.RGBA, error) {
	img, err := decode(ctx, file, limits.filled())
	if err != nil {
		return nil, err
	}
	return Upright(overWhite(img), Orientation(file)), nil
}

// Raw reads a picture as the file has it, and the EXIF orientation that
// [Upright] undoes.
func Raw(ctx context.Context, r io.Reader, limits Limits) (img image.Image, orientation int, err error) {
	limits = limits.filled()
	content := bytes.NewBuffer(make([]byte, 0, 8<<10)) // many a picture is not larger
	if _, err := content.ReadFrom(io.LimitReader(stoppable{ctx, r}, limits.Bytes+1)); err != nil {
		return nil, 0, err
	}
	file := content.Bytes()
	if int64(len(file)) > limits.Bytes {
		return nil, 0, fmt.Errorf("the file has more than %d bytes", limits.Bytes)
	}
	if img, err = decode(ctx, file, limits); err != nil {
		return nil, 0, err
	}
	return img, Orientation(file), nil
}

// stoppable is a reader that fails once its context has ended; decoders give up
// then.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
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

// decode asks the decoder that the first bytes name. A picture that claims more
// pixels than allowed is refused by its header alone, and so is one whose pixels
// would be gone over too often.
func decode(ctx context.Context, file []byte, limits Limits) (image.Image, error) {
	if len(file) == 0 {
		return nil, errors.New("the file is empty")
	}
	var known []string
	for _, f := range formats() {
		if limits.Only != nil && !slices.Contains(limits.Only, f.name) {
			continue
		}
		if !slices.Contains(known, f.name) {
			known = append(known, f.name)
		}
		if !f.matches(file) {
			continue
		}
		header, err := f.config(bytes.NewReader(file))
		if err != nil {
			return nil, fmt.Errorf("broken header of a %s: %w", f.name, err)
		}
		if err := limits.check(header, f.scans(file)); err != nil {
			return nil, err
		}
		img, err := f.decode(stoppable{ctx, bytes.NewReader(file)})
		if stopped := ctx.Err(); stopped != nil {
			return nil, stopped
		}
		if err != nil {
			return nil, fmt.Errorf("broken %s: %w", f.name, err)
		}
		if size := img.Bounds().Size(); size.X < 1 || size.Y < 1 { // as a GIF's first frame may be
			return nil, fmt.Errorf("a picture of %d x %d pixels", size.X, size.Y)
		}
		return img, nil
	}
	last := len(known) - 1
	return nil, fmt.Errorf("no picture that can be read: want %s or %s", strings.Join(known[:last], ", "), known[last])
}

func (l Limits) check(header image.Config, scans int64) error {
	w, h := int64(header.Width), int64(header.Height)
	switch {
	case w < 1 || h < 1:
		return fmt.Errorf("a picture of %d x %d pixels", w, h)
	case w > l.Pixels/h:
		return fmt.Errorf("%d x %d pixels, want at most %d in all; make it smaller", w, h, l.Pixels)
	case scans > passes*l.Pixels/(w*h):
		return fmt.Errorf("%d x %d pixels in %d scans, want at most %d; save it anew", w, h, scans, passes*l.Pixels/(w*h))
	}
	return nil
}

// scans is how often a decoder goes over the pixels, at most: the marker that
// begins a scan of a JPEG cannot occur in a scan's data, where 0xff is followed
// by 0 or by a restart's number.
func (f format) scans(file []byte) int64 {
	if f.name != "JPEG" {
		return 1
	}
	return int64(bytes.Count(file, []byte("\xff\xda")))
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
