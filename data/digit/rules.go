package digit

import "slices"

// What is taken for the rules of squared or lined paper: so many lines that run
// through most of the picture, in one direction.
const (
	fewestRules = 3
	steepest    = 0.15 // slope from the picture's own sides
	through     = 0.65 // of the picture's width
	ruledSide   = 64   // a smaller picture has no rules
	few         = 0.2  // of its width are crossed by something darker
)

// rule is a line across the picture: from a row to another one, as both lie in
// the middle column, and how dark it becomes.
type rule struct {
	from, to int
	dark     float64
}

// lines is a picture seen as rows that slope; columns are rows when it is turned.
type lines struct {
	n      ink
	turned bool
	shifts []int // how far a row has sloped at each place along it
}

func (l lines) size() (along, across int) {
	if l.turned {
		return l.n.h, l.n.w
	}
	return l.n.w, l.n.h
}

func (l lines) index(along, across int) int {
	if l.turned {
		return along*l.n.w + across
	}
	return across*l.n.w + along
}

// at is the pixel at a place along a row, or -1 outside the picture and the
// sheet.
func (l lines) at(along, row int) int {
	across := row + l.shifts[along]
	if _, high := l.size(); across < 0 || across >= high {
		return -1
	}
	if i := l.index(along, across); l.n.on(i) {
		return i
	}
	return -1
}

// withoutRules takes the rules away, both ways, and tells whether there were any.
func (n ink) withoutRules() (ruled bool) {
	if min(n.w, n.h) < ruledSide {
		return false
	}
	darkest := n.darkest()
	for _, turned := range []bool{false, true} {
		l := lines{n: n, turned: turned}
		l = l.sloping(l.steep())
		for _, r := range l.rules() {
			l.erase(r, darkest)
			ruled = true
		}
	}
	return ruled
}

// rules are the rows that are inked through most of the picture, if they are
// many and leave most of it free.
func (l lines) rules() []rule {
	_, high := l.size()
	dark := make([]float64, high)
	for row := range dark {
		dark[row] = l.reached(row, through)
	}
	level := faintest / 2
	var all []rule
	thickness := 0
	for row := 0; row < high; row++ {
		if dark[row] < level {
			continue
		}
		end := row
		for end < high && dark[end] >= level {
			end++
		}
		r := rule{from: row, to: end}
		most := slices.Max(dark[row:end])
		for dark[r.from] < most/3 {
			r.from++
		}
		for dark[r.to-1] < most/3 {
			r.to--
		}
		for row := r.from; row < r.to; row++ {
			r.dark = max(r.dark, l.reached(row, few))
		}
		all = append(all, r)
		thickness += r.to - r.from
		row = end
	}
	if len(all) < fewestRules || thickness > high/2 {
		return nil
	}
	return all
}

// reached is what a share of a row's pixels reach.
func (l lines) reached(row int, share float64) float64 {
	wide, _ := l.size()
	values := make([]float64, 0, wide)
	for along := range wide {
		if i := l.at(along, row); i >= 0 {
			values = append(values, l.n.v[i])
		}
	}
	if len(values) < wide/4 {
		return 0
	}
	return nth(values, int((1-share)*float64(len(values))))
}
