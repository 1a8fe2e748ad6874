// Package letters draws the letters A to Z in Go's own fonts, turned, sheared,
// moved and in colours that chance decides: a set of pictures for whoever has
// none at hand.
package letters

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// Alphabet is what a Pen can draw.
const Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// large is the side of the picture that a letter is set in before it is bent.
const large = 64

// Pen draws letters.
type Pen struct {
	faces []font.Face
}

// NewPen loads the fonts.
func NewPen() (*Pen, error) {
	p := &Pen{}
	for _, ttf := range [][]byte{goregular.TTF, gomedium.TTF, gobold.TTF, goitalic.TTF, gobolditalic.TTF, gomono.TTF, gomonobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return nil, err
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 48, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil, err
		}
		p.faces = append(p.faces, face)
	}
	return p, nil
}

// Draw is a picture of a letter of size x size pixels. Font, size, turn (up to
// 17 degrees), shear, place, colours, which differ in brightness, and noise are
// drawn from r.
func (p *Pen) Draw(letter rune, size int, r *rand.Rand) *image.RGBA {
	cover := p.set(letter, r)
	between := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
	turn, shear := between(-0.3, 0.3), between(-0.25, 0.25)
	sx, sy := between(0.65, 1.1), between(0.65, 1.1)
	dx, dy := between(-0.08, 0.08), between(-0.08, 0.08)

	scale := float64(size) / large
	sin, cos := math.Sincos(turn)
	a, b := scale*sx*cos, scale*(sx*shear*cos-sy*sin)
	c, d := scale*sx*sin, scale*(sx*shear*sin+sy*cos)
	mid := float64(size) / 2
	at := f64.Aff3{
		a, b, mid*(1+2*dx) - (a+b)*large/2,
		c, d, mid*(1+2*dy) - (c+d)*large/2,
	}
	small := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.CatmullRom.Transform(small, at, cover, cover.Rect, draw.Src, nil)
	return coloured(small, r)
}

// set is a letter in white on black, in the middle of a large picture.
func (p *Pen) set(letter rune, r *rand.Rand) *image.RGBA {
	face := p.faces[r.IntN(len(p.faces))]
	out := image.NewRGBA(image.Rect(0, 0, large, large))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	box, _, _ := face.GlyphBounds(letter)
	dot := fixed.Point26_6{
		X: fixed.I(large/2) - (box.Min.X+box.Max.X)/2,
		Y: fixed.I(large/2) - (box.Min.Y+box.Max.Y)/2,
	}
	(&font.Drawer{Dst: out, Src: image.White, Face: face, Dot: dot}).DrawString(string(letter))
	return out
}

// coloured gives a cover, white on black, ink and paper.
func coloured(cover *image.RGBA, r *rand.Rand) *image.RGBA {
	ink, paper := randomColour(r), randomColour(r)
	for math.Abs(brightness(ink)-brightness(paper)) < 80 {
		ink, paper = randomColour(r), randomColour(r)
	}
	for i := 0; i < len(cover.Pix); i += 4 {
		share := float64(cover.Pix[i]) / 255
		for c := range 3 {
			v := share*ink[c] + (1-share)*paper[c] + 8*r.NormFloat64()
			cover.Pix[i+c] = uint8(min(max(math.Round(v), 0), 255))
		}
		cover.Pix[i+3] = 255
	}
	return cover
}

func randomColour(r *rand.Rand) [3]float64 {
	return [3]float64{255 * r.Float64(), 255 * r.Float64(), 255 * r.Float64()}
}

func brightness(c [3]float64) float64 { return 0.299*c[0] + 0.587*c[1] + 0.114*c[2] }
