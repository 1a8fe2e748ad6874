package digit

import (
	"cmp"
	"image"
	"slices"
)

// What stands side by side is taken for several digits where it is neither too
// much nor of all sizes, and where it is not one above the other.
const (
	mostGroups = 12
	lowest     = 0.4  // of the tallest one's height
	shared     = 0.35 // of the narrower one's width: then two are one
	heaviest   = 0.6  // of the ink is in one part, at least
)

// group is parts that are one above the other, such as the strokes of a 5.
type group struct {
	parts []part
	box   image.Rectangle
}

// scattered tells whether no part has most of the ink.
func (g group) scattered() bool {
	most, all := 0.0, 0.0
	for _, p := range g.parts {
		most, all = max(most, p.mass), all+p.mass
	}
	return most < heaviest*all
}

// groups are what stands side by side, from left to right; nil where that is one
// thing, or no row.
func (n ink) groups() []ink {
	var all []group
	for _, p := range n.parts() {
		all = append(all, group{[]part{p}, n.boxOf(p)})
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Compare(a.box.Min.X, b.box.Min.X) })
	for i := 1; i < len(all); {
		before, g := &all[i-1], all[i]
		both := min(before.box.Max.X, g.box.Max.X) - g.box.Min.X
		if float64(both) <= shared*float64(min(before.box.Dx(), g.box.Dx())) {
			i++
			continue
		}
		before.parts, before.box = append(before.parts, g.parts...), before.box.Union(g.box)
		all = slices.Delete(all, i, i+1)
		i = max(i-1, 1) // what was apart from both may not be apart from the two
	}
	tallest := 0
	for _, g := range all {
		tallest = max(tallest, g.box.Dy())
	}
	odd := func(g group) bool { return float64(g.box.Dy()) < lowest*float64(tallest) || g.scattered() }
	if len(all) < 2 || len(all) > mostGroups || slices.ContainsFunc(all, odd) {
		return nil
	}
	var out []ink
	for _, g := range all {
		out = append(out, n.cut(g))
	}
	return out
}

// cut is a group on a sheet of its own, with the faint pixels about it.
func (n ink) cut(g group) ink {
	box := g.box.Inset(-1).Intersect(image.Rect(0, 0, n.w, n.h))
	out := ink{w: box.Dx(), h: box.Dy(), v: make([]float64, box.Dx()*box.Dy())}
	for i := range out.v {
		if v := n.v[(box.Min.Y+i/out.w)*n.w+box.Min.X+i%out.w]; v < inked {
			out.v[i] = v
		}
	}
	for _, p := range g.parts {
		for _, i := range p.pixels {
			out.v[(i/n.w-box.Min.Y)*out.w+i%n.w-box.Min.X] = n.v[i]
		}
	}
	return out
}

func (n ink) boxOf(p part) (box image.Rectangle) {
	for _, i := range p.pixels {
		x, y := i%n.w, i/n.w
		box = box.Union(image.Rect(x, y, x+1, y+1))
	}
	return box
}
