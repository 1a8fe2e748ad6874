package sketch

import (
	"image"
	"math"
	"math/rand/v2"
)

// pattern inks every pixel by a function of its place, in a window of the sheet.
func pattern(h *hand, side int, at func(x, y float64) float64) *image.Gray {
	c := newCanvas(side)
	x0, y0, x1, y1 := h.between(0.02, 0.3), h.between(0.02, 0.3), h.between(0.7, 0.98), h.between(0.7, 0.98)
	for i := range c.cover {
		x, y := (float64(i%side)+0.5)/float64(side), (float64(i/side)+0.5)/float64(side)
		if x > x0 && x < x1 && y > y0 && y < y1 {
			c.cover[i] = min(max(at(x, y), 0), 1)
		}
	}
	return c.image()
}

// noise is a grid of cells, each of its own grey.
func noise(r *rand.Rand, side int) *image.Gray {
	h := newHand(r)
	n := 3 + r.IntN(14)
	cells := make([]float64, n*n)
	binary, share := r.IntN(2) == 0, h.between(0.2, 0.8)
	for i := range cells {
		if cells[i] = r.Float64(); binary {
			cells[i] = math.Round(cells[i] + share - 0.5)
		}
	}
	return pattern(h, side, func(x, y float64) float64 { return cells[int(y*float64(n))*n+int(x*float64(n))] })
}

// stripes run in any direction.
func stripes(r *rand.Rand, side int) *image.Gray {
	h := newHand(r)
	sin, cos := math.Sincos(h.between(0, math.Pi))
	often, soft := h.between(3, 8), h.between(1, 6)
	return pattern(h, side, func(x, y float64) float64 {
		return 0.5 + soft*math.Sin(2*math.Pi*often*(x*cos+y*sin))
	})
}

// checks are a chessboard, which may be turned.
func checks(r *rand.Rand, side int) *image.Gray {
	h := newHand(r)
	sin, cos := math.Sincos(h.between(0, math.Pi/2))
	often := h.between(1.5, 4)
	return pattern(h, side, func(x, y float64) float64 {
		return 0.5 + 4*math.Sin(2*math.Pi*often*(x*cos+y*sin))*math.Sin(2*math.Pi*often*(y*cos-x*sin))
	})
}

// dots stand in rows.
func dots(r *rand.Rand, side int) *image.Gray {
	h := newHand(r)
	n, radius := 2+r.IntN(4), h.between(0.2, 0.42)
	return pattern(h, side, func(x, y float64) float64 {
		u, v := x*float64(n), y*float64(n)
		return 8 * (radius - math.Hypot(u-math.Floor(u)-0.5, v-math.Floor(v)-0.5))
	})
}

// bricks are a wall.
func bricks(r *rand.Rand, side int) *image.Gray {
	h := newHand(r)
	rows, joint := float64(3+r.IntN(4)), h.between(0.08, 0.2)
	return pattern(h, side, func(x, y float64) float64 {
		row := math.Floor(y * rows)
		u := x*rows/2 + 0.5*math.Mod(row, 2)
		edge := min(y*rows-row, 2*(u-math.Floor(u)))
		return 20 * (joint - edge)
	})
}
