package digit

import (
	"image"
	"math"
)

// Stroke widths in pixels of the 20x20 box: below thin a line is made wide.
// MNIST's own are 2 to 4 wide.
const (
	thin = 1.5
	wide = 2.0
)

// thickened widens the lines of a thin pen to what MNIST's digits have, by the
// distance to the nearest inked pixel.
func (n ink) thickened() ink {
	box := n.box()
	if box.Empty() {
		return n
	}
	scale := float64(fit) / float64(max(box.Dx(), box.Dy()))
	stroke := n.stroke()
	radius := (wide/scale - stroke) / 2
	if stroke*scale >= thin || radius < 0.5 {
		return n
	}
	margin := int(radius) + 2
	out := n.padded(margin)
	far := out.distances()
	for i, d := range far {
		out.v[i] = max(out.v[i], min(max(radius+0.5-d, 0), 1))
	}
	return out
}

// stroke is the mean width of the lines: twice the area by the perimeter, whose
// staircase is pi/4 too long on average.
func (n ink) stroke() float64 {
	area, edges := 0, 0
	on := func(x, y int) bool { return x >= 0 && y >= 0 && x < n.w && y < n.h && n.v[y*n.w+x] >= 0.5 }
	for y := range n.h {
		for x := range n.w {
			if !on(x, y) {
				continue
			}
			area++
			for _, there := range []bool{on(x-1, y), on(x+1, y), on(x, y-1), on(x, y+1)} {
				if !there {
					edges++
				}
			}
		}
	}
	return 2 * float64(area) / max(float64(edges)*math.Pi/4, 1)
}

// distances to the nearest pixel that is mostly ink, by a chamfer of two passes:
// Borgefors, "Distance transformations in digital images" (1986).
func (n ink) distances() []float64 {
	far := make([]float64, len(n.v))
	for i, v := range n.v {
		if v < 0.5 {
			far[i] = math.Inf(1)
		}
	}
	nearer := func(x, y, dx, dy int, step float64) {
		if u, v := x+dx, y+dy; u >= 0 && v >= 0 && u < n.w && v < n.h {
			far[y*n.w+x] = min(far[y*n.w+x], far[v*n.w+u]+step)
		}
	}
	const straight, diagonal = 0.955, 1.369 // Borgefors' best for a 3x3 neighbourhood
	for y := range n.h {
		for x := range n.w {
			nearer(x, y, -1, 0, straight)
			nearer(x, y, 0, -1, straight)
			nearer(x, y, -1, -1, diagonal)
			nearer(x, y, 1, -1, diagonal)
		}
	}
	for y := n.h - 1; y >= 0; y-- {
		for x := n.w - 1; x >= 0; x-- {
			nearer(x, y, 1, 0, straight)
			nearer(x, y, 0, 1, straight)
			nearer(x, y, 1, 1, diagonal)
			nearer(x, y, -1, 1, diagonal)
		}
	}
	return far
}

// box is the bounding box of what is inked.
func (n ink) box() (box image.Rectangle) {
	for i, v := range n.v {
		if v >= inked {
			x, y := i%n.w, i/n.w
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return box
}

// padded has an empty margin on every side.
func (n ink) padded(margin int) ink {
	out := ink{w: n.w + 2*margin, h: n.h + 2*margin}
	out.v = make([]float64, out.w*out.h)
	for y := range n.h {
		copy(out.v[(y+margin)*out.w+margin:], n.v[y*n.w:(y+1)*n.w])
	}
	return out
}
