package sketch

import (
	"image"
	"math"
	"math/rand/v2"
)

// shape is a closed line with corners, drawn or filled.
func shape(choices ...Stroke) func(*rand.Rand, int) *image.Gray {
	return func(r *rand.Rand, side int) *image.Gray {
		c, h := newCanvas(side), newHand(r)
		s := h.bent(choices[r.IntN(len(choices))])
		if r.IntN(3) == 0 {
			c.fill(s)
		} else {
			c.line(s, h.width)
		}
		return c.image()
	}
}

// polygon is a regular polygon, which closes.
func polygon(corners int, turn float64) Stroke {
	var s Stroke
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i)/float64(corners) + turn))
		s = append(s, Point{0.5 + 0.4*cos, 0.5 + 0.4*sin})
	}
	return append(s, s[0])
}

// star has so many points, and is so deep between them.
func star(points int, deep float64) Stroke {
	var s Stroke
	for i := range 2 * points {
		radius := 0.43
		if i%2 == 1 {
			radius *= deep
		}
		sin, cos := math.Sincos(2 * math.Pi * (float64(i)/float64(2*points) - 0.25))
		s = append(s, Point{0.5 + radius*cos, 0.5 + radius*sin})
	}
	return append(s, s[0])
}

// heart is a closed curve with a corner above and one below.
func heart() Stroke {
	var s Stroke
	for i := range 41 {
		t := 2 * math.Pi * float64(i) / 40
		sin := math.Sin(t)
		x := sin * sin * sin
		y := (13*math.Cos(t) - 5*math.Cos(2*t) - 2*math.Cos(3*t) - math.Cos(4*t)) / 16
		s = append(s, Point{0.5 + 0.42*x, 0.46 - 0.42*y})
	}
	s[40] = s[0]
	return s
}

// line is one that leans so far that it is no 1, to one side or the other.
func line(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	sin, cos := math.Sincos(h.between(-0.5, 0.5))
	h.draw(c, Stroke{{0.5 - 0.45*cos, 0.5 - 0.45*sin}, {0.5, 0.5}, {0.5 + 0.45*cos, 0.5 + 0.45*sin}})
	return c.image()
}

// lines are two to four, side by side or across each other.
func lines(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	across := r.IntN(2)
	n := 2 + across + r.IntN(3) // two across each other may be a 7
	for i := range n {
		at := 0.1 + 0.8*float64(i)/float64(n-1)
		s := Stroke{{0.08, at}, {0.92, at}}
		if across*i%2 == 1 {
			s = Stroke{{at, 0.08}, {at, 0.92}}
		}
		h.draw(c, s)
	}
	return c.image()
}

// wave is a sine or a zigzag.
func wave(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	n := 2 + r.IntN(4)
	var s Stroke
	for i := range 2*n + 1 {
		s = append(s, Point{0.06 + 0.88*float64(i)/float64(2*n), 0.5 + 0.22*float64(1-2*(i%2))})
	}
	if r.IntN(2) == 0 {
		h.draw(c, s)
	} else {
		h.drawStraight(c, s)
	}
	return c.image()
}

// spiral turns two or three times.
func spiral(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	turns := h.between(2, 3.2)
	way := float64(1 - 2*r.IntN(2))
	var s Stroke
	for i := range 40 {
		t := float64(i) / 39
		sin, cos := math.Sincos(2 * math.Pi * turns * t * way)
		s = append(s, Point{0.5 + 0.44*t*cos, 0.5 + 0.44*t*sin})
	}
	h.draw(c, s)
	return c.image()
}

// blob is a closed shape without a name, drawn or filled.
func blob(r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	n := 6 + r.IntN(5)
	var s Stroke
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		radius := h.between(0.15, 0.48)
		if i == 0 { // a dent: it is no 0
			radius = h.between(0.08, 0.18)
		}
		s = append(s, Point{0.5 + radius*cos, 0.5 + radius*sin})
	}
	s = append(s, s[0])
	switch r.IntN(3) {
	case 0:
		h.draw(c, s)
	case 1:
		h.drawStraight(c, s)
	default:
		c.fill(smooth(h.bent(s)))
	}
	return c.image()
}
