package sketch

import (
	"image"
	"math"
	"math/rand/v2"
)

// hand is how a drawing is bent: what differs from one to the next.
type hand struct {
	*rand.Rand
	width      float64    // of the pen
	a, b, c, d float64    // x' = ax + by, y' = cx + dy about the middle
	wobble     float64    // standard deviation of a point's place
	move       [2]float64 // of the middle
}

// newHand draws a hand: a pen of 0.03 to 0.1 of the sheet, a size of half the
// sheet to most of it, a little narrower or wider, turned by up to 10 degrees,
// slanted by up to 15.
func newHand(r *rand.Rand) *hand {
	h := &hand{Rand: r}
	size := h.between(0.55, 0.95)
	h.width = h.between(0.05, 0.13) * size
	h.wobble = h.between(0, 0.022)
	sin, cos := math.Sincos(h.between(-0.17, 0.17))
	slant, sx, sy := h.between(-0.27, 0.27), size*h.between(0.8, 1.1), size
	h.a, h.b = cos*sx, cos*slant*sy-sin*sy
	h.c, h.d = sin*sx, sin*slant*sy+cos*sy
	room := 0.45 * (1 - size)
	h.move = [2]float64{h.between(-room, room), h.between(-room, room)}
	return h
}

func (h *hand) between(low, high float64) float64 { return low + (high-low)*h.Float64() }

// place is where a point of a drawing comes to lie.
func (h *hand) place(p Point) Point {
	x, y := p.X-0.5, p.Y-0.5
	return Point{0.5 + h.a*x + h.b*y + h.move[0], 0.5 + h.c*x + h.d*y + h.move[1]}
}

// bent moves the points of a stroke a little; where it closes it stays closed.
func (h *hand) bent(s Stroke) Stroke {
	out := make(Stroke, len(s))
	for i, p := range s {
		out[i] = h.place(Point{p.X + h.wobble*h.NormFloat64(), p.Y + h.wobble*h.NormFloat64()})
	}
	if last := len(s) - 1; last > 0 && s[0] == s[last] {
		out[last] = out[0]
	}
	return out
}

// draw draws curved strokes.
func (h *hand) draw(c *canvas, strokes ...Stroke) {
	for _, s := range strokes {
		c.line(smooth(h.bent(s)), h.width)
	}
}

// drawStraight draws strokes with corners.
func (h *hand) drawStraight(c *canvas, strokes ...Stroke) {
	for _, s := range strokes {
		c.line(h.bent(s), h.width)
	}
}

// drawn is a picture of strokes that are chosen of several.
func drawn(choices ...[]Stroke) func(*rand.Rand, int) *image.Gray {
	return func(r *rand.Rand, side int) *image.Gray {
		c, h := newCanvas(side), newHand(r)
		h.draw(c, choices[r.IntN(len(choices))]...)
		return c.image()
	}
}

// arc is part of an ellipse, from one angle to another in turns: 0 at the right,
// a quarter at the bottom.
func arc(x, y, rx, ry, from, to float64) Stroke {
	n := max(int(math.Ceil(math.Abs(to-from)*12)), 2)
	out := make(Stroke, n+1)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * (from + (to-from)*float64(i)/float64(n)))
		out[i] = Point{x + rx*cos, y + ry*sin}
	}
	if math.Abs(to-from) == 1 {
		out[n] = out[0]
	}
	return out
}

// join is strokes without lifting the pen.
func join(strokes ...Stroke) (one Stroke) {
	for _, s := range strokes {
		one = append(one, s...)
	}
	return one
}
