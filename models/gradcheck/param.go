package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// param compares one parameter's gradient with differences of the loss.
func (c *checker) param(point, p int, x []float64, values map[*G.Node]G.Value) verdict {
	s := c.subject
	m, err := c.slopes(s.lossOf(p, values), x)
	if err != nil {
		return c.failed(p, err)
	}
	claimed := make([]float64, len(x))
	if s.grads[p] != nil {
		if claimed = audit.Numbers(values[s.grads[p]]); len(claimed) != len(x) {
			return verdict{wrong: []Finding{{Kind: finding.Shape, Param: s.names[p], Reason: fmt.Sprintf("the gradient has the shape %v, the parameter %v", s.grads[p].Shape(), s.params[p].Shape())}}}
		}
	}
	t := tally{name: s.names[p], claimed: claimed, relative: c.Relative, scale: 1e-3 * rms(claimed)}
	if err := c.each(point, p, x, func(index int, direction []float64) error {
		e, err := m.along(direction)
		if err == nil {
			t.count(index, direction, e)
		}
		return err
	}); err != nil {
		return c.failed(p, err)
	}
	return t.verdict(s.grads[p] == nil)
}

func (c *checker) failed(p int, err error) verdict {
	return verdict{wrong: []Finding{{Kind: finding.Failure, Param: c.subject.names[p], Reason: err.Error()}}}
}

// verdict on one parameter. Along a direction in which corners of the loss fall
// together, a right gradient may lie between no two slopes: it is doubtful until
// the operators are asked one by one.
type verdict struct {
	wrong, doubtful, notes []Finding
	undecided              bool
}

// each calls try with every unit vector, or with random directions.
func (c *checker) each(point, p int, x []float64, try func(index int, direction []float64) error) error {
	direction := make([]float64, len(x))
	if many := c.directions(len(x), point); many > 0 {
		r := rand.New(rand.NewPCG(c.Seed, uint64(p)))
		for range many {
			for i := range direction {
				direction[i] = r.NormFloat64() / math.Sqrt(float64(len(x)))
			}
			if err := try(-1, direction); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range direction {
		clear(direction)
		direction[i] = 1
		if err := try(i, direction); err != nil {
			return err
		}
	}
	return nil
}

// slopes measures how a loss changes as numbers move.
type slopes struct {
	loss     func(x []float64) (float64, error)
	x        []float64
	settings difference.Settings
}

// slopes finds out how much rounding there is in the loss.
func (c *checker) slopes(loss func(x []float64) (float64, error), x []float64) (*slopes, error) {
	m := &slopes{loss: loss, x: x}
	var epsilon float64
	m.settings, epsilon = c.differences()
	all := make([]float64, len(x))
	for i := range all {
		all[i] = 1 / math.Sqrt(float64(len(x)))
	}
	var err error
	m.settings.Noise, err = difference.Noise(m.line(all), m.settings.Unit*m.size(all), epsilon)
	return m, err
}

func (m *slopes) line(direction []float64) func(h float64) (float64, error) {
	moved := make([]float64, len(m.x))
	return func(h float64) (float64, error) {
		for i, d := range direction {
			moved[i] = m.x[i] + h*d
		}
		return m.loss(moved)
	}
}

// size is that of the numbers that move.
func (m *slopes) size(direction []float64) float64 {
	size := 0.0
	for i, d := range direction {
		if d != 0 {
			size = max(size, math.Abs(m.x[i]))
		}
	}
	if size == 0 {
		return 1
	}
	return max(size, 1e-2)
}

func (m *slopes) along(direction []float64) (difference.Estimate, error) {
	s := m.settings
	s.Step *= m.size(direction)
	return s.Along(m.line(direction))
}

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

func (t *tally) count(index int, direction []float64, e difference.Estimate) {
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
	switch v := e.Judge(claimed, t.relative, t.scale); {
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

func (t *tally) verdict(none bool) (v verdict) {
	v.undecided = t.corners+t.unknown > 0
	for _, list := range []struct {
		from Finding
		to   *[]Finding
	}{{t.wrong, &v.wrong}, {t.doubtful, &v.doubtful}} {
		if f := list.from; f.Numbers > 0 {
			f.Kind, f.Param, f.Witness = finding.Gradient, t.name, "finite difference"
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

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}

func operandsOf(n *G.Node, values map[*G.Node]G.Value) (args []G.Value) {
	for _, c := range interpret.Operands(n) {
		args = append(args, values[c])
	}
	return args
}
