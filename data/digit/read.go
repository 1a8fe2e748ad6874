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

// Read decodes a picture, of any format that package imagefile knows, and
// normalises it; a photo's EXIF orientation is obeyed. name stands in errors. An
// image that claims more pixels than allowed, or has them gone over too often, is
// refused before it is decoded; decoding ends with the context.
func Read(ctx context.Context, r io.Reader, name string, limits imagefile.Limits) ([]float64, error) {
	var pixels []float64
	img, orientation, err := imagefile.Raw(ctx, r, limits)
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
