// Package photo makes pictures of MNIST's digits as a camera might, for tests of
// what reads them.
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
	Size          int // of the 28x28 digit in it
	X, Y          int // of the digit's corner
	Ink, Paper    color.RGBA
	Lamp          float64 // how much darker the paper is at the far corner, 0 to 1
	Noise         float64 // standard deviation, of a range of 1
}

// Of is the picture of one example of a set of 28x28 grey images.
func (p Photo) Of(set *data.Set, example int) *image.RGBA {
	small := &image.Gray{Pix: set.Pixels[example*784 : (example+1)*784], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
	cover := image.NewGray(image.Rect(0, 0, p.Width, p.Height))
	draw.CatmullRom.Scale(cover, image.Rect(p.X, p.Y, p.X+p.Size, p.Y+p.Size), small, small.Rect, draw.Src, nil)
	r := rand.New(rand.NewPCG(uint64(example), 9))
	out := image.NewRGBA(cover.Rect)
	for y := range p.Height {
		for x := range p.Width {
			covered := float64(cover.GrayAt(x, y).Y) / 255
			light := 1 - p.Lamp*float64(x+y)/float64(p.Width+p.Height)
			mix := func(ink, paper uint8) uint8 {
				v := (covered*float64(ink)+(1-covered)*float64(paper))*light + 255*p.Noise*r.NormFloat64()
				return uint8(min(max(math.Round(v), 0), 255))
			}
			out.SetRGBA(x, y, color.RGBA{mix(p.Ink.R, p.Paper.R), mix(p.Ink.G, p.Paper.G), mix(p.Ink.B, p.Paper.B), 255})
		}
	}
	return out
}
