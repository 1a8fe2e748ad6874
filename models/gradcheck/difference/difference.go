// Package difference measures slopes by finite differences and says how far they
// can be trusted. It knows functions of one number and nothing else.
//
// A central difference D(h) = (f(h) - f(-h)) / 2h is off by terms in h^2, h^4, ...;
// three of them, at h, h/2 and h/4, are extrapolated to h = 0 after Richardson
// (1911) and Romberg (1955). What is left is estimated from the last correction,
// from what the slopes of either side differ by, and from the rounding of f. Small
// steps keep a corner outside and large ones round less, so several are tried, and
// the one with the smallest error counts.
package difference

import (
	"math"
)

// Estimate is the slope of a function at 0.
type Estimate struct {
	Slope    float64
	Error    float64 // what the slope may be off by; +Inf where nothing could be measured
	Up, Down float64 // slopes to the right and to the left, with the smallest step
	Value    float64 // of the function
	Hidden   float64 // see [Noise]
	Shape    Shape
}

// Shape is what a function looks like near 0.
type Shape int

// The shapes. Rough is what noise hides.
const (
	Smooth Shape = iota
	Corner
	Jump
	Rough
)

func (s Shape) String() string {
	return [...]string{"smooth", "at a corner", "at a jump", "hidden by rounding"}[s]
}

// Settings say how to measure. The zero value will not do: see [Double].
type Settings struct {
	Step    float64 // the largest; the others are 1/8 of the one before
	Tries   int     // how many steps at most
	Unit    float64 // for [Listen]: so small that f is smooth, so large that it moves
	Noise   Noise   // of f, see [Listen]
	Enough  float64 // error that is small enough to stop, relative to the slope
	Smaller float64 // slopes below this are as good as 0
}

// Double suits functions computed in float64, Single those in float32.
func Double() Settings { return Settings{Step: 2e-3, Tries: 6, Unit: 1e-9, Enough: 1e-7} }

// Single suits functions computed in float32.
func Single() Settings { return Settings{Step: 0.25, Tries: 4, Unit: 1e-4, Enough: 1e-4} }

// Along measures the slope of f at 0. An error of f ends it.
func (s Settings) Along(f func(h float64) (float64, error)) (Estimate, error) {
	best, last := Estimate{Error: math.Inf(1), Shape: Rough}, point{}
	middle, err := f(0)
	if err != nil {
		return best, err
	}
	best.Value, best.Hidden = middle, s.Noise.Hidden
	h, unsettled := s.Step, false
	for range s.Tries {
		p, err := s.at(f, middle, h)
		if err != nil {
			return best, err
		}
		switch worse := p.error-2*p.rounding > 4*best.Error; {
		case p.error < best.Error:
			best.Slope, best.Error, unsettled = p.slope, p.error, false
		case worse && best.Error > math.Abs(best.Slope)/8:
			best.Slope, best.Error, unsettled = p.slope, p.error, p.error > math.Abs(p.slope)/8
		}
		if size := max(math.Abs(best.Slope), s.Smaller); best.Error <= s.Enough*size {
			best.Up, best.Down, best.Shape = p.up, p.down, Smooth
			return best, nil
		}
		if gap := math.Abs(p.up - p.down); p.rounding < gap/1e4 || p.error <= 1e-3*math.Abs(p.slope) {
			best.Shape = shape(last, p)
			best.Up, best.Down, last = p.up, p.down, p
		}
		if 8*p.rounding >= best.Error { // of the next step, which cannot be better
			break
		}
		h /= 8
	}
	if best.Shape == Rough && !unsettled {
		unsettled, err = s.spike(f, middle)
	}
	if unsettled { // the slope still grows as the step shrinks: there may be a pole
		best.Error = math.Inf(1)
	}
	return best, err
}

// spike tells whether f at 0 stands out from its nearest neighbours: what looks like
// rounding next to it is a pole's flank.
func (s Settings) spike(f func(h float64) (float64, error), middle float64) (bool, error) {
	right, err := f(3 * s.Noise.Unit)
	if err != nil {
		return false, err
	}
	left, err := f(-3 * s.Noise.Unit)
	return math.Abs(middle) > 3*max(math.Abs(right), math.Abs(left)), err
}

// point is what one step tells.
type point struct{ slope, error, rounding, up, down float64 }

func (s Settings) at(f func(h float64) (float64, error), middle, h float64) (p point, err error) {
	var central, up, down [3]float64
	for i := range 3 {
		step := h / float64(int(1)<<i)
		right, err := f(step)
		if err != nil {
			return p, err
		}
		left, err := f(-step)
		if err != nil {
			return p, err
		}
		central[i], up[i], down[i] = (right-left)/(2*step), (right-middle)/step, (middle-left)/step
	}
	first, second := (4*central[1]-central[0])/3, (4*central[2]-central[1])/3
	p.slope = (16*second - first) / 15
	right, left := oneSided(up), oneSided(down)
	p.up, p.down = right[2], left[2]
	gap := 0.0
	for i := range right {
		gap = max(gap, math.Abs(right[i]-left[i]))
	}
	p.rounding = 40 * s.Noise.Size / h
	p.error = math.Abs(p.slope-second) + gap/2 + p.rounding
	if math.IsNaN(p.error) || math.IsInf(p.slope, 0) {
		p.error = math.Inf(1)
	}
	return p, nil
}

// oneSided extrapolates slopes to one side, at h, h/2 and h/4, to h = 0: twice from
// two of them, at last from all. Where a corner lies in between, one of the three
// may be right by chance, but not all.
func oneSided(d [3]float64) [3]float64 {
	first, second := 2*d[1]-d[0], 2*d[2]-d[1]
	return [3]float64{first, second, (4*second - first) / 3}
}

// shape compares two steps: the sides of a corner stay apart by the same as the
// step shrinks, the slopes at a jump grow as the step shrinks.
func shape(before, now point) Shape {
	gap := math.Abs(now.up - now.down)
	switch {
	case gap <= 10*now.rounding || gap <= 1e-3*(math.Abs(now.up)+math.Abs(now.down)):
		return Smooth
	case before.error > 0 && gap > 3*math.Abs(before.up-before.down):
		return Jump
	}
	return Corner
}
