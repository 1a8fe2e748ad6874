package digit_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"symgrad/data/digit/photo"
	"symgrad/data/imagefile"
)

func encoded(t testing.TB, img image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, img)
	case "jpeg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80})
	case "gif":
		err = gif.Encode(&b, img, nil)
	case "bmp":
		err = bmp.Encode(&b, img)
	case "tiff":
		err = tiff.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var paper = photo.Photo{Width: 200, Height: 160, Size: 112, X: 60, Y: 20, Ink: color.RGBA{30, 30, 30, 255}, Paper: color.RGBA{250, 250, 240, 255}}

func TestFormats(t *testing.T) {
	set := digits(t)
	for _, format := range []string{"png", "jpeg", "gif", "bmp", "tiff"} {
		got, err := read(t.Context(), bytes.NewReader(encoded(t, paper.Of(set, 3), format)), "x", imagefile.Limits{})
		if err != nil {
			t.Errorf("%s: %v", format, err)
		} else if d := alike(got, original(set, 3)); d > 0.05 {
			t.Errorf("%s: pixels differ by %.3f", format, d)
		}
	}
}

// bomb is a PNG whose header claims a size that nothing follows.
func bomb(w, h uint32) []byte {
	ihdr := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(ihdr[4:], w)
	binary.BigEndian.PutUint32(ihdr[8:], h)
	ihdr[12], ihdr[13] = 8, 6
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

func TestUnreadable(t *testing.T) {
	whole := encoded(t, paper.Of(digits(t), 0), "png")
	jpg := encoded(t, paper.Of(digits(t), 0), "jpeg")
	for name, c := range map[string]struct {
		file   []byte
		limits imagefile.Limits
		want   string
	}{
		"empty":     {nil, imagefile.Limits{}, "digit: f: the file is empty"},
		"text":      {[]byte("no image at all"), imagefile.Limits{}, "digit: f: no picture that can be read: want PNG, JPEG, GIF, WebP, BMP or TIFF"},
		"bomb":      {bomb(60000, 60000), imagefile.Limits{}, "digit: f: 60000 x 60000 pixels, want at most 40000000 in all; make it smaller"},
		"small cap": {whole, imagefile.Limits{Pixels: 1000}, "digit: f: 200 x 160 pixels, want at most 1000 in all; make it smaller"},
		"long file": {whole, imagefile.Limits{Bytes: 100}, "digit: f: the file has more than 100 bytes"},
		"cut png":   {whole[:len(whole)/2], imagefile.Limits{}, "digit: f: broken PNG: "},
		"cut jpeg":  {jpg[:len(jpg)/2], imagefile.Limits{}, "digit: f: broken JPEG: "},
		"header":    {whole[:20], imagefile.Limits{}, "digit: f: broken header of a PNG: "},
	} {
		pixels, err := read(t.Context(), bytes.NewReader(c.file), "f", c.limits)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || pixels != nil {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := read(t.Context(), failing{}, "f", imagefile.Limits{}); !errors.Is(err, errFailing) {
		t.Errorf("a reader's error became %v", err)
	}
}

var errFailing = errors.New("cable pulled")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errFailing }

// withExif puts an orientation into a JPEG.
func withExif(file []byte, order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := []byte(mark)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2) // two entries: image width, orientation
	for _, entry := range [][2]uint16{{0x0100, 7}, {0x0112, orientation}} {
		tiff = order.AppendUint16(tiff, entry[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, entry[1])
		tiff = append(tiff, 0, 0)
	}
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(2+6+len(tiff)))...)
	out = append(append(out, "Exif\x00\x00"...), tiff...)
	return append(out, file[2:]...)
}

// A photo that the camera stored turned or mirrored comes out upright.
func TestOrientation(t *testing.T) {
	set := digits(t)
	upright := paper.Of(set, 3)
	w, h := paper.Width, paper.Height
	// Where the camera puts the pixel (x, y) of what it saw, by the table in the
	// standard: for 6, say, row 0 is the right-hand side and column 0 the top.
	stored := map[uint16]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, w - 1 - x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x },
		8: func(x, y int) (int, int) { return h - 1 - y, x },
	}
	for orientation, to := range stored {
		size := image.Rect(0, 0, w, h)
		if orientation > 4 {
			size = image.Rect(0, 0, h, w)
		}
		img := image.NewRGBA(size)
		for y := range h {
			for x := range w {
				u, v := to(x, y)
				img.Set(u, v, upright.At(x, y))
			}
		}
		file := encoded(t, img, "jpeg")
		for mark, order := range map[string]binary.AppendByteOrder{"MM": binary.BigEndian, "II": binary.LittleEndian} {
			got, err := read(t.Context(), bytes.NewReader(withExif(file, order, mark, orientation)), "x", imagefile.Limits{})
			if err != nil {
				t.Fatal(orientation, err)
			}
			if d := alike(got, original(set, 3)); d > 0.06 {
				t.Errorf("orientation %d, %s: pixels differ by %.3f", orientation, mark, d)
			}
		}
	}
}

// Any bytes give a well-placed digit or one line of error.
func FuzzRead(f *testing.F) {
	set := digits(f)
	small := photo.Photo{Width: 30, Height: 34, Size: 28, Ink: color.RGBA{200, 10, 10, 255}, Paper: color.RGBA{240, 240, 240, 255}}.Of(set, 1)
	jpg := encoded(f, small, "jpeg")
	for _, seed := range [][]byte{
		nil, []byte("GIF89a"), bomb(1<<31-1, 1<<31-1), bomb(20, 20), encoded(f, small, "png"), encoded(f, small, "gif"), jpg,
		withExif(jpg, binary.BigEndian, "MM", 6), withExif(jpg, binary.LittleEndian, "II", 9), withExif(jpg, binary.LittleEndian, "II", 3)[:40],
		encoded(f, image.NewGray(image.Rect(0, 0, 1, 300)), "png"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		pixels, err := read(t.Context(), bytes.NewReader(file), "fuzz", imagefile.Limits{Pixels: 1 << 16})
		switch {
		case err == nil:
			wellPlaced(t, pixels)
		case !strings.HasPrefix(err.Error(), "digit: fuzz: ") || strings.Contains(err.Error(), "\n") || pixels != nil:
			t.Fatalf("%d numbers and the error %q", len(pixels), err)
		}
	})
}
