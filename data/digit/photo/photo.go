// Package photo makes pictures of digits as a camera might, for tests of what
// reads them.
package photo

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"

	"symgrad/data"
)

// Photo is how a digit is put into a picture.
type Photo struct {
	Width, Height int // of the picture
	Size          int // of the square that the digit is in
	X, Y          int // of its corner
	Ink, Paper    color.RGBA
	Lamp          float64 // how much darker the paper is at the far corner, 0 to 1
	Noise         float64 // standard deviation, of a range of 1
	Desk          Desk    // that the sheet lies on; none where its margin is 0
	Rules         Rules   // of the paper; none where their pitch is 0
}

// Desk is what is seen around the sheet of paper.
type Desk struct {
	Colour color.RGBA
	Margin float64 // of the picture's shorter side, on every side
	Turn   float64 // of the sheet, in radians
}

// Rules are lines both ways, in squares.
type Rules struct {
	Colour       color.RGBA
	Pitch, Width float64 // in pixels
	Turn         float64 // in radians
}

// Of is the picture of one example of a set of 28x28 grey images.
func (p Photo) Of(set *data.Set, example int) *image.RGBA {
	small := &image.Gray{Pix: set.Pixels[example*784 : (example+1)*784], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
	return p.Take(small, uint64(example))
}

// Take is the picture of a digit in white on black; the seed is of the noise.
func (p Photo) Take(digit *image.Gray, seed uint64) *image.RGBA {
	cover := image.NewGray(image.Rect(0, 0, p.Width, p.Height))
	draw.CatmullRom.Scale(cover, image.Rect(p.X, p.Y, p.X+p.Size, p.Y+p.Size), digit, digit.Rect, draw.Src, nil)
	r := rand.New(rand.NewPCG(seed, 9))
	out := image.NewRGBA(cover.Rect)
	for y := range p.Height {
		for x := range p.Width {
			covered := float64(cover.GrayAt(x, y).Y) / 255
			light := 1 - p.Lamp*float64(x+y)/float64(p.Width+p.Height)
			sheet, rule, grain := p.sheet(x, y), p.rule(x, y), 0.0
			if sheet < 1 {
				grain = 1 + 0.1*math.Sin(float64(x)/9+3*math.Sin(float64(y)/60))
			}
			mix := func(ink, paper, rules, desk uint8) uint8 {
				v := (1-rule)*float64(paper) + rule*float64(rules)
				v = covered*float64(ink) + (1-covered)*v
				v = sheet*v + (1-sheet)*float64(desk)*grain
				if v *= light; p.Noise != 0 {
					v += 255 * p.Noise * r.NormFloat64()
				}
				return uint8(min(max(math.Round(v), 0), 255))
			}
			ink, paper, rules, desk := p.Ink, p.Paper, p.Rules.Colour, p.Desk.Colour
			out.SetRGBA(x, y, color.RGBA{mix(ink.R, paper.R, rules.R, desk.R), mix(ink.G, paper.G, rules.G, desk.G), mix(ink.B, paper.B, rules.B, desk.B), 255})
		}
	}
	return out
}

// sheet is how much of a pixel is paper rather than desk.
func (p Photo) sheet(x, y int) float64 {
	if p.Desk.Margin == 0 {
		return 1
	}
	u, v := p.turned(x, y, p.Desk.Turn)
	margin := p.Desk.Margin * float64(min(p.Width, p.Height))
	beyond := max(math.Abs(u)-(float64(p.Width)/2-margin), math.Abs(v)-(float64(p.Height)/2-margin))
	return min(max(0.5-beyond, 0), 1)
}

// rule is how much of a pixel a rule covers.
func (p Photo) rule(x, y int) float64 {
	if p.Rules.Pitch == 0 {
		return 0
	}
	u, v := p.turned(x, y, p.Rules.Turn)
	far := func(v float64) float64 { return math.Abs(v - p.Rules.Pitch*math.Round(v/p.Rules.Pitch)) }
	return min(max(p.Rules.Width/2+0.5-min(far(u), far(v)), 0), 1)
}

// turned is a pixel's place from the middle of the picture, on a turned sheet.
func (p Photo) turned(x, y int, by float64) (u, v float64) {
	sin, cos := math.Sincos(by)
	u, v = float64(x)+0.5-float64(p.Width)/2, float64(y)+0.5-float64(p.Height)/2
	return u*cos + v*sin, v*cos - u*sin
}
