package digit

import (
	"context"
	"errors"
	"fmt"
	"image"
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

// Read decodes a PNG, JPEG or GIF (its first frame) and normalises it; a
// photo's EXIF orientation is obeyed. name stands in errors. An image that
// claims more pixels than allowed, or has them gone over too often, is refused
// before it is decoded; decoding ends with the context.
func Read(ctx context.Context, r io.Reader, name string, limits Limits) ([]float64, error) {
	var pixels []float64
	img, orientation, err := imagefile.Raw(ctx, r, imagefile.Limits{Bytes: limits.Bytes, Pixels: limits.Pixels, Only: []string{"PNG", "JPEG", "GIF"}})
	if err == nil {
		pixels, err = normalise(shrink(img).turned(orientation))
	}
	if err != nil {
		return nil, fmt.Errorf("digit: %s: %w", name, err)
	}
	return pixels, nil
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
