package imagefile

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// Planes is an opaque image as three planes, red, green and blue, of height x
// width bytes each, row by row. An image of another size is scaled, its aspect
// ratio kept, and centred on the mean colour of its edge.
func Planes(img *image.RGBA, height, width int) []byte {
	if img.Rect.Dx() != width || img.Rect.Dy() != height {
		img = fitted(img, height, width)
	}
	area := height * width
	planes := make([]byte, 3*area)
	for y := range height {
		row := img.Pix[y*img.Stride:]
		for x := range width {
			at := y*width + x
			planes[at], planes[area+at], planes[2*area+at] = row[4*x], row[4*x+1], row[4*x+2]
		}
	}
	return planes
}

// Grey tells whether three planes are one and the same.
func Grey(planes []byte) bool {
	red, green, blue := thirds(planes)
	return string(red) == string(green) && string(red) == string(blue)
}

// Luminance is one plane of three, by the weights of ITU-R BT.601: those of a
// grey picture stay as they are.
func Luminance(planes []byte) []byte {
	red, green, blue := thirds(planes)
	out := make([]byte, len(red))
	for i := range out {
		out[i] = byte((299*int(red[i]) + 587*int(green[i]) + 114*int(blue[i]) + 500) / 1000)
	}
	return out
}

func thirds(planes []byte) (red, green, blue []byte) {
	area := len(planes) / 3
	return planes[:area], planes[area : 2*area], planes[2*area:]
}

// fitted scales an image into height x width.
func fitted(img *image.RGBA, height, width int) *image.RGBA {
	from := img.Rect
	scale := min(float64(width)/float64(from.Dx()), float64(height)/float64(from.Dy()))
	side := func(n int) int { return max(int(math.Round(float64(n)*scale)), 1) }
	w, h := side(from.Dx()), side(from.Dy())
	x, y := (width-w)/2, (height-h)/2
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Rect, image.NewUniform(edge(img)), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, image.Rect(x, y, x+w, y+h), img, from, draw.Src, nil)
	return out
}

// edge is the mean colour of the outermost pixels.
func edge(img *image.RGBA) color.RGBA {
	var sum [3]int
	count := 0
	add := func(x, y int) {
		c := img.RGBAAt(x, y)
		sum[0], sum[1], sum[2], count = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B), count+1
	}
	b := img.Rect
	for x := b.Min.X; x < b.Max.X; x++ {
		add(x, b.Min.Y)
		add(x, b.Max.Y-1)
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		add(b.Min.X, y)
		add(b.Max.X-1, y)
	}
	mean := func(i int) uint8 { return uint8((sum[i] + count/2) / count) }
	return color.RGBA{mean(0), mean(1), mean(2), 255}
}
