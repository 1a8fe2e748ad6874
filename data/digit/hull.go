package digit

import (
	"cmp"
	"math"
	"slices"
)

type point struct{ x, y float64 }

// turn is twice the area of a triangle, above zero where c lies to the right of
// the way from a to b, y downwards.
func turn(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// hull is the convex hull of pixels in rows of w, clockwise as one sees it:
// Andrew, "Another efficient algorithm for convex hulls in two dimensions"
// (1979).
func hull(w int, pixels []int) []point {
	rows := make([][]int, slices.Max(pixels)/w+1) // what lies between their ends is no corner
	for _, i := range pixels {
		x, y := i%w, i/w
		if rows[y] == nil {
			rows[y] = []int{x, x + 1}
		}
		rows[y][0], rows[y][1] = min(rows[y][0], x), max(rows[y][1], x+1)
	}
	var all []point
	for y, ends := range rows {
		for _, x := range ends {
			all = append(all, point{float64(x), float64(y)}, point{float64(x), float64(y + 1)})
		}
	}
	slices.SortFunc(all, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	half := func(points []point) (chain []point) {
		for _, p := range points {
			for len(chain) > 1 && turn(chain[len(chain)-2], chain[len(chain)-1], p) <= 0 {
				chain = chain[:len(chain)-1]
			}
			chain = append(chain, p)
		}
		return chain[:len(chain)-1]
	}
	there := half(all)
	slices.Reverse(all)
	return append(there, half(all)...)
}

// areaOf is a polygon's area.
func areaOf(corners []point) (area float64) {
	for k, a := range corners {
		b := corners[(k+1)%len(corners)]
		area += (a.x*b.y - a.y*b.x) / 2
	}
	return area
}

// boxArea is the area of the smallest rectangle about a convex polygon, which
// has a side along one of the polygon's: Freeman and Shapira (1975).
func boxArea(corners []point) float64 {
	best := math.Inf(1)
	for k, a := range corners {
		b := corners[(k+1)%len(corners)]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		ux, uy := (b.x-a.x)/length, (b.y-a.y)/length
		along, across := [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
		for _, p := range corners {
			u, v := p.x*ux+p.y*uy, p.y*ux-p.x*uy
			along = [2]float64{min(along[0], u), max(along[1], u)}
			across = [2]float64{min(across[0], v), max(across[1], v)}
		}
		best = min(best, (along[1]-along[0])*(across[1]-across[0]))
	}
	return best
}
