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
// What it is wrapped in says what could not be told apart, and what to do.
var ErrBlank = errors.New("nothing is drawn there")

// Drawing is what is drawn on a picture: [Side] x [Side] numbers, row by row, 0
// where nothing is, up to 1 for ink.
type Drawing struct {
	Pixels []float64   // all of it, as if it were one digit
	Groups [][]float64 // what stands side by side, from left to right, each as if it were a digit; nil where it is one thing
}

// Read decodes a picture, of any format that package imagefile knows, and finds
// what is drawn on it; a photo's EXIF orientation is obeyed. name stands in
// errors. An image that claims more pixels than allowed, or has them gone over too
// often, is refused before it is decoded; decoding ends with the context.
func Read(ctx context.Context, r io.Reader, name string, limits imagefile.Limits) (Drawing, error) {
	var d Drawing
	img, orientation, err := imagefile.Raw(ctx, r, limits)
	if err == nil {
		d, err = find(shrink(img).turned(orientation))
	}
	if err != nil {
		return Drawing{}, fmt.Errorf("digit: %s: %w", name, err)
	}
	return d, nil
}

// Find finds what is drawn on an image.
func Find(img image.Image) (Drawing, error) {
	if img.Bounds().Empty() {
		return Drawing{}, errors.New("digit: an image without pixels")
	}
	d, err := find(shrink(img))
	if err != nil {
		return Drawing{}, fmt.Errorf("digit: %w", err)
	}
	return d, nil
}

// find tries white paper behind what is transparent, then black: white ink on
// nothing is a digit, too.
func find(p picture) (Drawing, error) {
	sheet := p.sheet()
	ink, err := p.ink(sheet)
	if errors.Is(err, ErrBlank) && sheet != nil {
		ink, err = p.ink(nil) // what looked like a sheet is what is drawn
	}
	if errors.Is(err, ErrBlank) && p.transparent {
		ink, err = p.over(0).ink(nil)
	}
	if err != nil {
		return Drawing{}, err
	}
	return ink.withoutSpots().drawing()
}

// Place brings ink that is white on black into MNIST's form, without what a photo
// needs before.
func Place(cover *image.Gray) ([]float64, error) {
	n := ink{w: cover.Rect.Dx(), h: cover.Rect.Dy()}
	for y := range n.h {
		for _, v := range cover.Pix[y*cover.Stride:][:n.w] {
			n.v = append(n.v, float64(v)/255)
		}
	}
	return n.thickened().placed()
}

func (n ink) drawing() (d Drawing, err error) {
	if d.Pixels, err = n.thickened().placed(); err != nil {
		return d, err
	}
	for _, g := range n.groups() {
		pixels, err := g.thickened().placed()
		if err != nil {
			return d, err
		}
		d.Groups = append(d.Groups, pixels)
	}
	return d, nil
}
