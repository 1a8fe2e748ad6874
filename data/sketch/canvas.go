package sketch

import (
	"image"
	"math"

	"golang.org/x/image/vector"
)

// Point is a place on the sheet, which is a unit square: x to the right, y down.
type Point struct{ X, Y float64 }

// Stroke is a line that the pen draws through some points, without corners.
type Stroke []Point

// canvas is what is inked of a sheet, row by row.
type canvas struct {
	side  int
	cover []float64 // 0 to 1
}

func newCanvas(side int) *canvas { return &canvas{side, make([]float64, side*side)} }

// line draws straight lines from point to point.
func (c *canvas) line(points []Point, width float64) {
	if len(points) == 1 {
		points = []Point{points[0], points[0]}
	}
	for i := 1; i < len(points); i++ {
		c.segment(points[i-1], points[i], width)
	}
}

// segment inks what is nearer to a straight line than half the width.
func (c *canvas) segment(a, b Point, width float64) {
	s := float64(c.side)
	ax, ay, dx, dy := a.X*s, a.Y*s, (b.X-a.X)*s, (b.Y-a.Y)*s
	radius := width * s / 2
	within := func(v float64) int { return min(max(int(math.Floor(v)), 0), c.side) }
	for y := within(min(ay, ay+dy) - radius - 1); y < within(max(ay, ay+dy)+radius+2); y++ {
		for x := within(min(ax, ax+dx) - radius - 1); x < within(max(ax, ax+dx)+radius+2); x++ {
			px, py := float64(x)+0.5-ax, float64(y)+0.5-ay
			along := 0.0
			if length := dx*dx + dy*dy; length > 0 {
				along = min(max((px*dx+py*dy)/length, 0), 1)
			}
			far := math.Sqrt(square(px-along*dx) + square(py-along*dy))
			at := &c.cover[y*c.side+x]
			*at = max(*at, min(max(radius+0.5-far, 0), 1))
		}
	}
}

// fill inks the inside of a polygon.
func (c *canvas) fill(corners []Point) {
	r := vector.NewRasterizer(c.side, c.side)
	at := func(p Point) (x, y float32) { return float32(p.X * float64(c.side)), float32(p.Y * float64(c.side)) }
	r.MoveTo(at(corners[0]))
	for _, p := range corners[1:] {
		r.LineTo(at(p))
	}
	r.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, c.side, c.side))
	r.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for i, a := range mask.Pix {
		c.cover[i] = max(c.cover[i], float64(a)/255)
	}
}

// image is the canvas in white on black.
func (c *canvas) image() *image.Gray {
	out := image.NewGray(image.Rect(0, 0, c.side, c.side))
	for i, v := range c.cover {
		out.Pix[i] = uint8(math.Round(v * 255))
	}
	return out
}

// smooth is a stroke as short straight lines: a Catmull-Rom spline, which goes
// through its points.
func smooth(s Stroke) []Point {
	if len(s) < 3 {
		return s
	}
	const steps = 8
	at := func(i int) Point { return s[min(max(i, 0), len(s)-1)] }
	if s[0] == s[len(s)-1] { // closed
		at = func(i int) Point { return s[(i+len(s)-1)%(len(s)-1)] }
	}
	out := []Point{s[0]}
	for i := range len(s) - 1 {
		p, q, r, t := at(i-1), at(i), at(i+1), at(i+2)
		for k := 1; k <= steps; k++ {
			u := float64(k) / steps
			blend := func(p, q, r, t float64) float64 {
				return 0.5 * (2*q + u*(r-p) + u*u*(2*p-5*q+4*r-t) + u*u*u*(3*(q-r)+t-p))
			}
			out = append(out, Point{blend(p.X, q.X, r.X, t.X), blend(p.Y, q.Y, r.Y, t.Y)})
		}
	}
	return out
}

func square(v float64) float64 { return v * v }
