package sketch

import (
	"image"
	"math"
	"math/rand/v2"
)

// scribble is a few curves that go anywhere.
func scribble(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	for range 1 + r.IntN(3) {
		var s Stroke
		for range 5 + r.IntN(5) {
			s = append(s, Point{h.between(0.05, 0.95), h.between(0.05, 0.95)})
		}
		h.draw(c, s)
	}
	return c.image()
}

// tangle is many short strokes.
func tangle(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	for range 5 + r.IntN(9) {
		x, y := h.between(0.1, 0.9), h.between(0.1, 0.9)
		sin, cos := math.Sincos(h.between(0, 2*math.Pi))
		long := h.between(0.05, 0.3)
		h.draw(c, Stroke{{x - long*cos, y - long*sin}, {x + long*cos, y + long*sin}})
	}
	return c.image()
}

// medley is a ring or two and a few small things in and about them.
func medley(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	h.width *= h.between(0.5, 0.9)
	for range 1 + r.IntN(2) {
		x, y := h.between(0.35, 0.65), h.between(0.35, 0.65)
		h.draw(c, arc(x, y, h.between(0.12, 0.34), h.between(0.12, 0.34), 0, 1))
	}
	for range 3 + r.IntN(5) {
		x, y := h.between(0.1, 0.9), h.between(0.1, 0.9)
		switch sin, cos := math.Sincos(h.between(0, 2*math.Pi)); r.IntN(3) {
		case 0:
			h.draw(c, arc(x, y, h.between(0.02, 0.1), h.between(0.02, 0.1), 0, 1))
		case 1:
			from := h.between(0, 1)
			h.draw(c, arc(x, y, 0.12, 0.12, from, from+h.between(0.2, 0.6)))
		default:
			h.draw(c, Stroke{{x, y}, {x + 0.2*cos, y + 0.2*sin}})
		}
	}
	return c.image()
}

// coil is a row of loops without lifting the pen.
func coil(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	turns, radius := 3+r.IntN(3), h.between(0.12, 0.25)
	sin, cos := math.Sincos(h.between(0, 2*math.Pi))
	var s Stroke
	for i := range 10*turns + 1 {
		t := float64(i) / float64(10*turns)
		dy, dx := math.Sincos(2 * math.Pi * t * float64(turns))
		along := 0.6 * (t - 0.5)
		s = append(s, Point{0.5 + along*cos + radius*dx, 0.5 + along*sin + radius*dy})
	}
	h.draw(c, s)
	return c.image()
}
