package digit_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"golang.org/x/image/draw"

	"symgrad/data"
	"symgrad/data/mnist"
)

// testSet is MNIST's, decoded once.
var testSet = sync.OnceValues(mnist.Test)

func digits(t testing.TB) *data.Set {
	t.Helper()
	set, err := testSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// original is an MNIST image as numbers.
func original(set *data.Set, i int) []float64 {
	out := make([]float64, 784)
	for k, b := range set.Pixels[i*784 : (i+1)*784] {
		out[k] = float64(b) / 255
	}
	return out
}

// photo is how a digit is put into a picture.
type photo struct {
	w, h       int // of the picture
	size       int // of the 28x28 digit in it
	x, y       int
	ink, paper color.RGBA
	lamp       float64 // how much darker the paper is at one side
	noise      float64 // standard deviation
}

func (p photo) of(set *data.Set, i int) image.Image {
	small := &image.Gray{Pix: set.Pixels[i*784 : (i+1)*784], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
	cover := image.NewGray(image.Rect(0, 0, p.w, p.h))
	draw.CatmullRom.Scale(cover, image.Rect(p.x, p.y, p.x+p.size, p.y+p.size), small, small.Rect, draw.Src, nil)
	r := rand.New(rand.NewPCG(uint64(i), 9))
	out := image.NewRGBA(cover.Rect)
	for y := range p.h {
		for x := range p.w {
			a := float64(cover.GrayAt(x, y).Y) / 255
			light := 1 - p.lamp*float64(x+y)/float64(p.w+p.h)
			mix := func(ink, paper uint8) uint8 {
				v := (a*float64(ink)+(1-a)*float64(paper))*light + 255*p.noise*r.NormFloat64()
				return uint8(min(max(math.Round(v), 0), 255))
			}
			out.SetRGBA(x, y, color.RGBA{mix(p.ink.R, p.paper.R), mix(p.ink.G, p.paper.G), mix(p.ink.B, p.paper.B), 255})
		}
	}
	return out
}

// apart is the mean difference of two images' pixels.
func apart(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += math.Abs(a[i] - b[i])
	}
	return sum / float64(len(a))
}
