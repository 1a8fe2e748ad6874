package digit

import "math"

// A rule is followed in pieces of so many pixels, and so many beside its row.
const (
	piece = 24
	bend  = 4
)

// erase takes a rule away where no ink goes through: ink that shows on both sides
// of it, or that is darker. The rule is followed a piece at a time, for it may
// bend.
func (l lines) erase(r rule, darkest float64) {
	wide, _ := l.size()
	off := 0
	for from := 0; from < wide; from += piece {
		to := min(from+piece, wide)
		off = l.follow(r, from, to, off)
		for along := from; along < to; along++ {
			crossed := min(l.value(along, r.from+off-2), l.value(along, r.to+off+1))
			for row := r.from + off - 1; row <= r.to+off; row++ {
				i := l.at(along, row)
				if i < 0 {
					continue
				}
				over := 0.0
				if rule := 1.15 * r.dark; darkest > 1.3*rule {
					over = (l.n.v[i] - rule) * darkest / (darkest - rule)
				}
				l.n.v[i] = min(l.n.v[i], max(crossed, over))
			}
		}
	}
}

// follow is how far a piece of a rule lies beside its row, two pixels at most
// from where the last piece lay.
func (l lines) follow(r rule, from, to, last int) (off int) {
	most := math.Inf(-1)
	for _, by := range []int{0, 1, -1, 2, -2} {
		sum := 0.0
		for along := from; along < to; along++ {
			for row := r.from; row < r.to; row++ {
				sum += min(l.value(along, row+last+by), r.dark)
			}
		}
		if sum > 1.05*most || most < 0 && sum > most {
			most, off = sum, last+by
		}
	}
	return min(max(off, -bend), bend)
}

func (l lines) value(along, row int) float64 {
	if i := l.at(along, row); i >= 0 {
		return l.n.v[i]
	}
	return 0
}

// darkest is what the darkest pixels reach, but for a few.
func (n ink) darkest() float64 {
	values := make([]float64, 0, len(n.v))
	for i, v := range n.v {
		if n.on(i) {
			values = append(values, v)
		}
	}
	return nth(values, len(values)-1-len(values)/200)
}
