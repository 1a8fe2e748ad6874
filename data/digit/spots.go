package digit

// part is a connected region of ink.
type part struct {
	pixels []int
	mass   float64
	edge   int // pixels of it at the picture's edge
}

// withoutSpots leaves out specks, and what runs along the edge of the picture
// where something else is in it: the table beside the paper.
func (n ink) withoutSpots() ink {
	parts := n.parts()
	heavy := func(keep func(part) bool) float64 {
		best := 0.0
		for _, p := range parts {
			if keep(p) {
				best = max(best, p.mass)
			}
		}
		return best
	}
	inside := func(p part) bool { return float64(p.edge) <= 0.15*float64(min(n.w, n.h)) }
	keep := func(part) bool { return true }
	if heavy(inside) > 0.05*heavy(keep) {
		keep = inside
	}
	speck := 0.05 * heavy(keep)
	out := ink{n.w, n.h, make([]float64, len(n.v)), n.sheet}
	for _, p := range parts {
		if keep(p) && p.mass >= speck {
			for _, i := range p.pixels {
				out.v[i] = n.v[i]
			}
		}
	}
	return n.fringed(out)
}

// fringed adds the faint pixels beside those that were kept: the grey rim that
// a scaled digit has.
func (n ink) fringed(kept ink) ink {
	out := ink{n.w, n.h, append([]float64(nil), kept.v...), n.sheet}
	for i, v := range n.v {
		if v == 0 || v >= inked {
			continue
		}
		n.around(i, func(j int) {
			if kept.v[j] > 0 {
				out.v[i] = v
			}
		})
	}
	return out
}

// parts are the regions of inked pixels that touch, corners included.
func (n ink) parts() []part {
	var parts []part
	seen := make([]bool, len(n.v))
	for start := range n.v {
		if seen[start] || n.v[start] < inked {
			continue
		}
		seen[start] = true
		p := part{pixels: []int{start}}
		for k := 0; k < len(p.pixels); k++ {
			i := p.pixels[k]
			p.mass += n.v[i]
			x, y := i%n.w, i/n.w
			edge := x == 0 || y == 0 || x == n.w-1 || y == n.h-1
			n.around(i, func(j int) {
				edge = edge || !n.on(j)
				if !seen[j] && n.v[j] >= inked {
					seen[j] = true
					p.pixels = append(p.pixels, j)
				}
			})
			if edge {
				p.edge++
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// around calls visit for the up to eight neighbours of a pixel.
func (n ink) around(i int, visit func(j int)) {
	x, y := i%n.w, i/n.w
	for v := max(y-1, 0); v <= min(y+1, n.h-1); v++ {
		for u := max(x-1, 0); u <= min(x+1, n.w-1); u++ {
			if j := v*n.w + u; j != i {
				visit(j)
			}
		}
	}
}
