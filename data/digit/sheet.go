package digit

import (
	"cmp"
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// What is taken for a sheet of paper on a darker desk.
const (
	overview = 128  // the longer side of the picture in which it is looked for
	thick    = 4    // lines on it are thinner than twice this many pixels there
	brighter = 0.15 // than the desk, at least
	mostly   = 0.55 // of it is as bright where lines are left in
	smallest = 0.15 // of the picture
	largest  = 0.97
	upright  = 0.88 // of the smallest rectangle about it: a disc has 0.79
	solid    = 0.8  // of its convex hull: it has no bays
)

// sheet is where the paper lies on which something is drawn: inside a convex
// region that is brighter than all about it and nearly a rectangle. It is nil
// where there is no such region, as in most pictures, which show paper alone.
func (p picture) sheet() []bool {
	small := image.NewGray(image.Rect(0, 0, max(p.w*overview/max(p.w, p.h), 1), max(p.h*overview/max(p.w, p.h), 1)))
	if max(p.w, p.h) < overview {
		return nil
	}
	draw.ApproxBiLinear.Scale(small, small.Rect, p.drawn, p.drawn.Rect, draw.Src, nil)
	n := closed(small)
	split := otsu(n.v)
	bright := ink{w: n.w, h: n.h, v: make([]float64, len(n.v))}
	means, counts := [2]float64{}, [2]float64{}
	for i, v := range n.v {
		side := 0
		if v > split {
			side, bright.v[i] = 1, 1
		}
		means[side], counts[side] = means[side]+v, counts[side]+1
	}
	if counts[0] == 0 || counts[1] == 0 || means[1]/counts[1]-means[0]/counts[0] < brighter {
		return nil
	}
	paper := slices.MaxFunc(bright.parts(), func(a, b part) int { return cmp.Compare(len(a.pixels), len(b.pixels)) })
	blank := 0
	for _, i := range paper.pixels {
		if float64(small.Pix[i])/255 > split {
			blank++
		}
	}
	if float64(blank) < mostly*float64(len(paper.pixels)) {
		return nil // it is light writing, close together
	}
	corners := hull(n.w, paper.pixels)
	area, total := areaOf(corners), float64(n.w*n.h)
	if area < smallest*total || area > largest*total || area < upright*boxArea(corners) || float64(len(paper.pixels)) < solid*area {
		return nil
	}
	inside := p.within(corners, float64(p.w)/float64(n.w), float64(p.h)/float64(n.h))
	if len(p.samples(inside)) == 0 {
		return nil // nothing but its rim
	}
	return inside
}

// within is the inside of a convex polygon of another scale, but for a rim.
func (p picture) within(corners []point, sx, sy float64) []bool {
	rim := 0.015 * float64(max(p.w, p.h))
	inside := make([]bool, p.w*p.h)
	for i := range inside {
		inside[i] = true
		at := point{float64(i%p.w) + 0.5, float64(i/p.w) + 0.5}
		for k, a := range corners {
			b := corners[(k+1)%len(corners)]
			a, b := point{a.x * sx, a.y * sy}, point{b.x * sx, b.y * sy}
			if turn(a, b, at) < rim*math.Hypot(b.x-a.x, b.y-a.y) {
				inside[i] = false
				break
			}
		}
	}
	return inside
}

// closed is a picture without dark lines: a morphological closing, for which the
// picture goes on beyond its edge.
func closed(img *image.Gray) ink {
	const margin = 2 * thick
	w, h := img.Rect.Dx(), img.Rect.Dy()
	n := ink{w: w + 2*margin, h: h + 2*margin}
	for y := range n.h {
		for x := range n.w {
			at := img.GrayAt(min(max(x-margin, 0), w-1), min(max(y-margin, 0), h-1))
			n.v = append(n.v, float64(at.Y)/255)
		}
	}
	n.widen(thick)
	n.negate()
	n.widen(thick)
	n.negate()
	out := ink{w: w, h: h}
	for y := margin; y < margin+h; y++ {
		out.v = append(out.v, n.v[y*n.w+margin:][:w]...)
	}
	return out
}

// widen makes of each value the largest within a square about it.
func (n ink) widen(radius int) {
	rows := slices.Clone(n.v)
	for y := range n.h {
		row, from := rows[y*n.w:][:n.w], n.v[y*n.w:][:n.w]
		for by := 1; by <= min(radius, n.w-1); by++ {
			larger(row[by:], from)
			larger(row, from[by:])
		}
	}
	copy(n.v, rows)
	for by := 1; by <= min(radius, n.h-1); by++ {
		larger(n.v[by*n.w:], rows)
		larger(n.v, rows[by*n.w:])
	}
}

// larger puts the larger values, if any, in the place of values.
func larger(values, than []float64) {
	for i := range min(len(values), len(than)) {
		if than[i] > values[i] {
			values[i] = than[i]
		}
	}
}

func (n ink) negate() {
	for i, v := range n.v {
		n.v[i] = -v
	}
}
