package difference

import "math"

// Verdict is what an estimate says about a claimed slope.
type Verdict int

// The verdicts. Outside is a claim that lies between no two slopes of a corner:
// wrong where the corner is one alone, undecided where several fall together.
const (
	Right Verdict = iota
	AtCorner
	Outside
	Unknown
	Wrong
)

// Judge compares a claim with the estimate. relative is the tolerance; scale is
// a size that matters, such as that of the neighbouring slopes, below which a
// difference of relative times the scale is nothing.
func (e Estimate) Judge(claimed, relative, scale float64) Verdict {
	if math.IsNaN(claimed) || math.IsInf(claimed, 0) {
		return Wrong
	}
	size := max(math.Abs(claimed), math.Abs(e.Slope), scale)
	off := math.Abs(claimed - e.Slope)
	slack := relative*size + 1e-3*math.Abs(e.Up-e.Down)
	switch {
	case claimed == 0 && off <= e.Error && e.Error <= 1e-8*math.Abs(e.Value):
		return Right
	case off <= relative*size && e.Error <= 100*relative*size:
		return Right
	case off > relative*size+3*e.Error && (e.Shape != Rough || off > e.Hidden):
		return Wrong
	case e.Shape == Corner && claimed >= min(e.Up, e.Down)-slack && claimed <= max(e.Up, e.Down)+slack:
		return AtCorner
	case e.Shape == Corner && off > e.Error && e.Error < math.Abs(e.Up)+math.Abs(e.Down)+math.Abs(claimed):
		return Outside
	case off <= relative*size+e.Error && e.Error <= 1e3*relative*size:
		return Right
	}
	return Unknown
}
