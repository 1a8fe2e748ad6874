package report

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// tile is a small picture, one number a pixel, and what stands below it. A tile
// in colour has three numbers a pixel, in three planes, and no paint.
type tile struct {
	width  int
	values []float64
	paint  func(v float64) color.Color
	text   []string
}

func (t tile) height() int {
	if t.paint == nil {
		return len(t.values) / 3 / t.width
	}
	return len(t.values) / t.width
}

func (t tile) colour(x, y int) color.Color {
	at, area := y*t.width+x, t.height()*t.width
	if t.paint != nil {
		return t.paint(t.values[at])
	}
	light := func(plane int) uint8 { return uint8(255*min(max(t.values[plane*area+at], 0), 1) + 0.5) }
	return color.RGBA{light(0), light(1), light(2), 255}
}

// image enlarges the tile so that it fits a square of size pixels, without
// blurring it.
func (t tile) image(size int) image.Image {
	height := t.height()
	scale := max(1, size/max(t.width, height))
	img := image.NewRGBA(image.Rect(0, 0, t.width*scale, height*scale))
	for y := range height {
		for x := range t.width {
			block := image.Rect(x, y, x+1, y+1)
			block.Min, block.Max = block.Min.Mul(scale), block.Max.Mul(scale)
			draw.Draw(img, block, image.NewUniform(t.colour(x, y)), image.Point{}, draw.Src)
		}
	}
	return img
}

// ink shows 0 as paper and 1 as ink.
func ink(v float64) color.Color { return color.Gray{Y: uint8(255.5 - 255*min(max(v, 0), 1))} }

// stretched shows the smallest of some values black and the largest white, as
// the tutorial's figures do. Values that are all the same are grey.
func stretched(values []float64) func(float64) color.Color {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	return func(v float64) color.Color {
		if !(high > low) {
			return color.Gray{Y: 128}
		}
		return color.Gray{Y: uint8(255*(v-low)/(high-low) + 0.5)}
	}
}

// signed shows 0 white, the largest size of some values orange where it is
// positive and blue where it is negative.
func signed(values []float64) func(float64) color.Color {
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	return func(v float64) color.Color {
		end := color.RGBA{200, 80, 0, 255}
		if v < 0 {
			end = color.RGBA{0, 90, 170, 255}
		}
		share := 0.0
		if largest > 0 {
			share = math.Abs(v) / largest
		}
		mix := func(c uint8) uint8 { return uint8(255 + share*(float64(c)-255)) }
		return color.RGBA{mix(end.R), mix(end.G), mix(end.B), 255}
	}
}
