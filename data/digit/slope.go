package digit

import "math"

// shift is how far a row of a slope has sloped at a place along it.
func (l lines) shift(slope float64, along int) int {
	wide, _ := l.size()
	return int(math.Round(slope * (float64(along) - float64(wide)/2)))
}

// sloping makes the rows slope so.
func (l lines) sloping(slope float64) lines {
	wide, _ := l.size()
	l.shifts = make([]int, wide)
	for along := range l.shifts {
		l.shifts[along] = l.shift(slope, along)
	}
	return l
}

// column is what stands at one place along all rows that do not slope: 0 beside
// the sheet, where on is 0, too, instead of 1.
type column struct{ v, on []float64 }

func (l lines) column(along int) column {
	_, high := l.size()
	c := column{make([]float64, high), make([]float64, high)}
	for row := range high {
		if i := l.index(along, row); l.n.on(i) {
			c.v[row], c.on[row] = l.n.v[i], 1
		}
	}
	return c
}

// add adds what stands from a row on.
func (c column) add(sums, counts []float64, from int) {
	v, on := c.v[from:][:len(sums)], c.on[from:][:len(sums)]
	counts = counts[:len(sums)]
	for row := range sums {
		sums[row] += v[row]
		counts[row] += on[row]
	}
}

// steep is the slope at which rows differ most from each other: that of the
// rules, if there are any. Some columns are enough to tell.
func (l lines) steep() float64 {
	wide, high := l.size()
	stride, reach := max(wide/48, 1), int(steepest*float64(wide))
	var columns []column
	for along := stride / 2; along < wide; along += stride {
		columns = append(columns, l.column(along))
	}
	sums, counts := make([]float64, high), make([]float64, high)
	most, best := 0.0, 0.0
	for k := -reach; k <= reach; k++ {
		clear(sums)
		clear(counts)
		slope := float64(k) / float64(wide)
		for c, column := range columns {
			shift := l.shift(slope, stride/2+c*stride)
			from, to := max(-shift, 0), high-max(shift, 0) // a row at least: the sides are not that unlike
			column.add(sums[from:to], counts[from:to], from+shift)
		}
		spread := 0.0
		for row, sum := range sums {
			if sum > 0 {
				spread += sum * sum / counts[row]
			}
		}
		if spread > most {
			most, best = spread, slope
		}
	}
	return best
}
