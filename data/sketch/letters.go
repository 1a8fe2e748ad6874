package sketch

import (
	"image"
	"math/rand/v2"
	"strconv"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// Letters that nobody would take for a digit: without I, l, O, S, Z and their
// like.
const (
	capitals = "ACEFHJKLMNPQRTUVWXY"
	smalls   = "acdefhkmnprtuvwx"
	marks    = "&%#@?*+=<>{}$~"
)

// Printed is a function that draws a digit in one of Go's sans-serif fonts.
func Printed() func(digit int, r *rand.Rand, side int) *image.Gray {
	var draw [10]func(*rand.Rand, int) *image.Gray
	for d := range draw {
		draw[d] = printed([]string{strconv.Itoa(d)}, sans()...)
	}
	return func(digit int, r *rand.Rand, side int) *image.Gray { return draw[digit](r, side) }
}

// sans are fonts to learn from.
func sans() [][]byte { return [][]byte{goregular.TTF, gomedium.TTF, gobold.TTF, goitalic.TTF} }

// printed draws texts in some fonts.
func printed(texts []string, ttfs ...[]byte) func(*rand.Rand, int) *image.Gray {
	var fonts []*opentype.Font
	for _, ttf := range ttfs {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic(err) // the font is in the program
		}
		fonts = append(fonts, f)
	}
	return func(r *rand.Rand, side int) *image.Gray {
		text, f := texts[r.IntN(len(texts))], fonts[r.IntN(len(fonts))]
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 64, DPI: 72}) // each drawing its own: a face is for one goroutine
		if err != nil {
			panic(err)
		}
		return set(text, face, newHand(r), side)
	}
}

// set sets a text and bends it as a hand does.
func set(text string, face font.Face, h *hand, side int) *image.Gray {
	box, _ := font.BoundString(face, text)
	w, height := (box.Max.X-box.Min.X).Ceil()+2, (box.Max.Y-box.Min.Y).Ceil()+2
	cover := image.NewGray(image.Rect(0, 0, w, height))
	dot := fixed.Point26_6{X: fixed.I(1) - box.Min.X, Y: fixed.I(1) - box.Min.Y}
	(&font.Drawer{Dst: cover, Src: image.White, Face: face, Dot: dot}).DrawString(text)

	out := image.NewGray(image.Rect(0, 0, side, side))
	scale, s := 1/float64(max(w, height)), float64(side)
	a, b, c, d := h.a*scale*s, h.b*scale*s, h.c*scale*s, h.d*scale*s
	mid := h.place(Point{0.5, 0.5})
	at := f64.Aff3{a, b, mid.X*s - (a*float64(w)+b*float64(height))/2, c, d, mid.Y*s - (c*float64(w)+d*float64(height))/2}
	draw.ApproxBiLinear.Transform(out, at, cover, cover.Rect, draw.Src, nil)
	return out
}

// each is a text for every letter.
func each(letters string) (texts []string) {
	for _, l := range letters {
		texts = append(texts, string(l))
	}
	return texts
}

// handwritten are letters by hand.
func handwritten() [][]Stroke {
	return [][]Stroke{
		{{{0.5, 0.08}, {0.2, 0.92}}, {{0.5, 0.08}, {0.8, 0.92}}, {{0.3, 0.62}, {0.7, 0.62}}},                                                                               // A
		{{{0.3, 0.08}, {0.3, 0.92}}, {{0.3, 0.08}, {0.76, 0.08}}, {{0.3, 0.5}, {0.66, 0.5}}, {{0.3, 0.92}, {0.76, 0.92}}},                                                  // E
		{{{0.3, 0.08}, {0.3, 0.92}}, {{0.3, 0.08}, {0.76, 0.08}}, {{0.3, 0.48}, {0.66, 0.48}}},                                                                             // F
		{{{0.25, 0.08}, {0.25, 0.92}}, {{0.75, 0.08}, {0.75, 0.92}}, {{0.25, 0.5}, {0.75, 0.5}}},                                                                           // H
		{{{0.27, 0.08}, {0.27, 0.92}}, {{0.74, 0.08}, {0.27, 0.55}}, {{0.4, 0.44}, {0.78, 0.92}}},                                                                          // K
		{{{0.2, 0.92}, {0.2, 0.1}}, {{0.2, 0.1}, {0.5, 0.6}}, {{0.5, 0.6}, {0.8, 0.1}}, {{0.8, 0.1}, {0.8, 0.92}}},                                                         // M
		{{{0.25, 0.92}, {0.25, 0.08}}, {{0.25, 0.08}, {0.75, 0.92}}, {{0.75, 0.92}, {0.75, 0.08}}},                                                                         // N
		{{{0.3, 0.08}, {0.3, 0.92}}, join(Stroke{{0.3, 0.08}}, arc(0.5, 0.29, 0.24, 0.2, -0.2, 0.2), Stroke{{0.3, 0.5}})},                                                  // P
		{{{0.3, 0.08}, {0.3, 0.92}}, join(Stroke{{0.3, 0.08}}, arc(0.5, 0.29, 0.24, 0.2, -0.2, 0.2), Stroke{{0.3, 0.5}}), {{0.45, 0.5}, {0.76, 0.92}}},                     // R
		{{{0.2, 0.08}, {0.8, 0.08}}, {{0.5, 0.08}, {0.5, 0.92}}},                                                                                                           // T
		{{{0.25, 0.08}, {0.26, 0.6}, {0.36, 0.88}, {0.5, 0.92}, {0.64, 0.88}, {0.74, 0.6}, {0.75, 0.08}}},                                                                  // U
		{{{0.2, 0.08}, {0.5, 0.92}}, {{0.5, 0.92}, {0.8, 0.08}}},                                                                                                           // V
		{{{0.12, 0.1}, {0.32, 0.9}}, {{0.32, 0.9}, {0.5, 0.3}}, {{0.5, 0.3}, {0.68, 0.9}}, {{0.68, 0.9}, {0.88, 0.1}}},                                                     // W
		{{{0.22, 0.08}, {0.78, 0.92}}, {{0.78, 0.08}, {0.22, 0.92}}},                                                                                                       // X
		{{{0.2, 0.08}, {0.5, 0.5}}, {{0.8, 0.08}, {0.5, 0.5}}, {{0.5, 0.5}, {0.5, 0.92}}},                                                                                  // Y
		{{{0.28, 0.1}, {0.28, 0.92}}, {{0.28, 0.64}, {0.4, 0.5}, {0.56, 0.5}, {0.66, 0.62}, {0.66, 0.92}}},                                                                 // h
		{{{0.3, 0.4}, {0.3, 0.9}}, {{0.3, 0.55}, {0.38, 0.44}, {0.48, 0.45}, {0.5, 0.6}, {0.5, 0.9}}, {{0.5, 0.55}, {0.58, 0.44}, {0.68, 0.45}, {0.72, 0.6}, {0.72, 0.9}}}, // m
	}
}
