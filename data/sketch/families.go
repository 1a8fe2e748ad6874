package sketch

import (
	"image"
	"math/rand/v2"
	"strconv"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gosmallcapsitalic"
)

// Family is a kind of drawing that is no digit.
type Family struct {
	Name string
	Draw func(r *rand.Rand, side int) *image.Gray // white on black, side x side
}

// NoDigits are families to learn from.
func NoDigits() []Family {
	return []Family{
		{"letters", printed(each(capitals+smalls), sans()...)},
		{"marks", printed(each(marks), sans()...)},
		{"polygons", shape(polygon(3, -0.25), polygon(3, 0.25), polygon(3, 0), polygon(5, -0.25), polygon(6, 0), star(4, 0.4), star(6, 0.5))},
		{"lines", line},
		{"several lines", lines},
		{"scribbles", scribble},
		{"tangles", tangle},
		{"medleys", medley},
		{"coils", coil},
		{"blobs", blob},
		{"noise", noise},
		{"stripes", stripes},
		{"several digits", numerals},
	}
}

// Held are families that nothing learns from: other fonts, other shapes, other
// hands.
func Held() []Family {
	return []Family{
		{"letters of other fonts", printed(each(capitals+smalls), gomono.TTF, gomonobolditalic.TTF, gosmallcapsitalic.TTF)},
		{"letters by hand", drawn(handwritten()...)},
		{"words", printed([]string{"cat", "the", "Go", "Ma", "and", "xy", "network", "REX", "hum"}, gomono.TTF, gosmallcapsitalic.TTF)},
		{"stars", shape(star(5, 0.4), star(5, 0.5), star(7, 0.5))},
		{"squares", shape(polygon(4, 0.125), polygon(4, 0), Stroke{{0.1, 0.25}, {0.9, 0.25}, {0.9, 0.75}, {0.1, 0.75}, {0.1, 0.25}})},
		{"hearts", shape(heart())},
		{"waves", wave},
		{"spirals", spiral},
		{"cats", drawn(cats()...)},
		{"doodles", drawn(doodles()...)},
		{"chessboards", checks},
		{"dots", dots},
		{"bricks", bricks},
	}
}

// numerals are two to five digits by hand, which touch now and then.
func numerals(r *rand.Rand, side int) *image.Gray {
	text := ""
	for range 2 + r.IntN(4) {
		text += strconv.Itoa(r.IntN(10))
	}
	return Number(text, r, side)
}

// Number is a number by hand, in one row.
func Number(text string, r *rand.Rand, side int) *image.Gray {
	c, h := newCanvas(side), newHand(r)
	n := float64(len(text))
	tall := 1.2 / max(n, 1.4)
	h.width, h.wobble = h.width*tall, h.wobble*tall
	for i, d := range text {
		ways := digits()[d-'0']
		for _, s := range ways[r.IntN(len(ways))] {
			moved := make(Stroke, len(s))
			for k, p := range s {
				moved[k] = Point{(float64(i) + p.X) / n, 0.5 + (p.Y-0.5)*tall}
			}
			h.draw(c, moved)
		}
	}
	return c.image()
}
