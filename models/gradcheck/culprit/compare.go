package culprit

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
)

// compare judges the gradient by operand k: along some directions and, where it
// has few numbers or these directions do not settle it, number by number.
func (c *check) compare(k int, claimed []float64, shape tensor.Shape) {
	n := c.operands[k].Shape().TotalSize()
	if len(claimed) != n {
		c.add(finding.Finding{Kind: finding.Shape, Reason: fmt.Sprintf("the gradient of operand %d has the shape %v, the operand %v", k+1, shape, c.operands[k].Shape())}, k+1)
		return
	}
	m, err := c.mover(k)
	if err != nil {
		c.add(finding.Finding{Kind: finding.Failure, Reason: err.Error()}, k+1)
		return
	}
	v := verdicts{claimed: claimed, relative: c.Relative, scale: 1e-3 * rms(claimed), settled: true}
	together := make([]float64, n)
	for i := range together {
		together[i] = 1 / math.Sqrt(float64(n))
	}
	for _, direction := range [][]float64{c.random(n), together, c.random(n)} {
		if e, err := m.slope(direction); err == nil {
			v.judge(-1, direction, e, c.unsure(k, direction))
		}
	}
	if n > most && v.settled {
		return
	}
	each := sample{claimed, make([]float64, n), make([]bool, n), 1 + (n-1)/most}
	for i := 0; i < n; i += each.every {
		unit := make([]float64, n)
		unit[i] = 1
		if e, err := m.slope(unit); err == nil {
			v.judge(i, unit, e, c.unsure(k, unit))
			each.numeric[i], each.corners[i] = e.Slope, e.Shape == difference.Corner
		}
	}
	if v.wrong.Numbers == 0 {
		return
	}
	v.wrong.Kind, v.wrong.Witness = finding.Gradient, "finite difference"
	c.add(v.wrong, k+1)
	c.found[len(c.found)-1].Operator.Pattern = pattern(each, c.operands[k].Shape(), c.Relative)
}

// unsure measures how much rounding there is in the gradient along a direction.
func (c *check) unsure(k int, direction []float64) func(claimed float64) float64 {
	return func(claimed float64) float64 {
		return audit.Unsure(c.plan, c.given, c.grads[k], direction, claimed, c.r.Float64, c.Epsilon)
	}
}

// verdicts on the gradient by one operand.
type verdicts struct {
	claimed         []float64
	relative, scale float64
	wrong           finding.Finding
	settled         bool // all that was judged is right, and not by being at a corner
}

// judge counts a direction, or a number where index is not -1. Along a direction
// several corners fall together, and a claim outside of all slopes says nothing.
// unsure is how well the claim along a direction is known.
func (v *verdicts) judge(index int, direction []float64, e difference.Estimate, unsure func(claimed float64) float64) {
	want := 0.0
	for i, d := range direction {
		if d != 0 {
			want += d * v.claimed[i]
		}
	}
	verdict := e.Judge(want, v.relative, v.scale)
	v.settled = v.settled && verdict == difference.Right
	if verdict != difference.Wrong && (verdict != difference.Outside || index < 0) {
		return
	}
	if u := unsure(want); math.Abs(want-e.Slope) <= 30*u+3*e.Error && verdict == difference.Wrong {
		return
	}
	if v.wrong.Numbers++; v.wrong.Numbers == 1 || v.wrong.Index < 0 && index >= 0 {
		v.wrong.Index, v.wrong.Symbolic, v.wrong.Expected, v.wrong.Within = index, want, e.Slope, e.Error
	}
}

// passed finds what the output does when an operand moves that gets no gradient.
func (c *check) passed(k int) {
	m, err := c.mover(k)
	if err != nil {
		return
	}
	if e, err := m.slope(c.random(len(m.at))); err == nil && e.Shape == difference.Smooth && math.Abs(e.Slope) > 10*e.Error {
		c.add(finding.Finding{Kind: finding.Missing, Index: -1, Expected: e.Slope, Within: e.Error, Witness: "finite difference",
			Reason: fmt.Sprintf("the operator passes no gradient on to operand %d, on which its output depends", k+1)}, k+1)
	}
}

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}
