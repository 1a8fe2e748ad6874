package digit

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"

	"symgrad/data/imagefile"
)

// Side is the height and width of a normalised digit.
const Side = 28

// ErrBlank says that an image shows nothing that stands out from its background.
var ErrBlank = errors.New("nothing is drawn there: no ink stands out from the background")

// Limits bound what an image may claim before it is decoded.
type Limits struct {
	Bytes  int64 // of the file; 0 means 32 MiB
	Pixels int64 // height times width; 0 means 40 million
}

func (l Limits) defaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Pixels <= 0 {
		l.Pixels = 40_000_000
	}
	return l
}

// Read decodes a PNG, JPEG or GIF (its first frame) and normalises it; a
// photo's EXIF orientation is obeyed. name stands in errors. An image that
// claims more pixels than allowed is refused by its header alone.
func Read(r io.Reader, name string, limits Limits) ([]float64, error) {
	pixels, err := read(r, limits.defaults())
	if err != nil {
		return nil, fmt.Errorf("digit: %s: %w", name, err)
	}
	return pixels, nil
}

func read(r io.Reader, limits Limits) ([]float64, error) {
	file, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(file)) > limits.Bytes:
		return nil, fmt.Errorf("the file has more than %d bytes", limits.Bytes)
	case len(file) == 0:
		return nil, errors.New("the file is empty")
	}
	header, format, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case errors.Is(err, image.ErrFormat), err == nil && format != "png" && format != "jpeg" && format != "gif":
		return nil, errors.New("no image that can be read: want PNG, JPEG or GIF")
	case err != nil:
		return nil, fmt.Errorf("broken header: %w", err)
	case header.Width < 1 || header.Height < 1:
		return nil, fmt.Errorf("an image of %d x %d pixels", header.Width, header.Height)
	case int64(header.Width) > limits.Pixels/int64(header.Height):
		return nil, fmt.Errorf("%d x %d pixels, want at most %d in all; make it smaller", header.Width, header.Height, limits.Pixels)
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("broken %s: %w", format, err)
	}
	return normalise(shrink(img).turned(imagefile.Orientation(file)))
}

// Normalise turns an image of one digit into [Side] x [Side] numbers, row by
// row: 0 where nothing is, up to 1 for ink.
func Normalise(img image.Image) ([]float64, error) {
	if img.Bounds().Empty() {
		return nil, errors.New("digit: an image without pixels")
	}
	pixels, err := normalise(shrink(img))
	if err != nil {
		return nil, fmt.Errorf("digit: %w", err)
	}
	return pixels, nil
}

// normalise tries white paper behind what is transparent, then black: white ink
// on nothing is a digit, too.
func normalise(p picture) ([]float64, error) {
	ink, err := p.ink()
	if errors.Is(err, ErrBlank) && p.transparent {
		ink, err = p.over(0).ink()
	}
	if err != nil {
		return nil, err
	}
	return ink.withoutSpots().thickened().placed()
}
