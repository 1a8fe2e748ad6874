package gradcheck

import (
	"fmt"
	"math"

	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
)

// tally counts the verdicts on one parameter.
type tally struct {
	name            string
	claimed         []float64
	relative, scale float64

	wrong, doubtful  Finding
	numbers          int
	corners, unknown int
	hidden           difference.Estimate // the last that could not be told
	moved            bool                // whether the loss depends on it at all
}

func (t *tally) count(index int, direction []float64, e difference.Estimate, unsure func(claimed float64) float64) {
	claimed := 0.0
	for i, d := range direction {
		if d != 0 {
			claimed += d * t.claimed[i]
		}
	}
	t.numbers++
	t.moved = t.moved || math.Abs(e.Slope) > 3*e.Error
	note := func(f *Finding) {
		if f.Numbers++; f.Numbers == 1 {
			f.Index, f.Symbolic, f.Expected, f.Within = index, claimed, e.Slope, e.Error
		}
	}
	v := e.Judge(claimed, t.relative, t.scale)
	if v == difference.Wrong && finite([]float64{claimed}) && math.Abs(claimed-e.Slope) <= 30*unsure(claimed)+3*e.Error {
		v, e.Shape = difference.Unknown, difference.Rough
	}
	switch {
	case v == difference.Wrong && e.Shape != difference.Corner:
		note(&t.wrong)
	case v == difference.Wrong || v == difference.Outside:
		note(&t.doubtful)
		t.corners++
	case v == difference.AtCorner:
		t.corners++
	case v == difference.Unknown:
		t.unknown++
		t.hidden = e
	}
}

// verdict by a witness; none says that there is no gradient.
func (t *tally) verdict(witness string, none bool) (v verdict) {
	v.undecided = t.corners+t.unknown > 0
	for _, list := range []struct {
		from Finding
		to   *[]Finding
	}{{t.wrong, &v.wrong}, {t.doubtful, &v.doubtful}} {
		if f := list.from; f.Numbers > 0 {
			f.Kind, f.Param, f.Witness = finding.Gradient, t.name, witness
			if none {
				f.Kind = finding.Missing
			}
			*list.to = []Finding{f}
		}
	}
	note := func(k finding.Kind, format string, args ...any) {
		v.notes = append(v.notes, Finding{Kind: k, Reason: t.name + ": " + fmt.Sprintf(format, args...)})
	}
	if t.corners > 0 {
		note(finding.Corner, "%d of %d; each operator was checked alone", t.corners, t.numbers)
	}
	if t.unknown > 0 {
		note(finding.Unknown, "%d of %d: the difference is %s: %.3g ± %.1g", t.unknown, t.numbers, t.hidden.Shape, t.hidden.Slope, t.hidden.Error)
	}
	if !v.undecided && !t.moved && rms(t.claimed) == 0 {
		note(finding.Dead, "the loss does not change with it, and its gradient is 0")
	}
	return v
}
