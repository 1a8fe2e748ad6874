package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/complexstep"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
)

// param compares one parameter's gradient with differences of the loss.
func (c *checker) param(point, p int, x []float64, values map[*G.Node]G.Value) verdict {
	s := c.subject
	plan, loss := s.lossOf(p, values)
	m := c.slopes(loss, x)
	m.analytic = complexstep.New(s.params[p], s.loss, plan.Nodes(), values)
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
			t.count(index, direction, e, func(claimed float64) float64 { return c.unsure(p, values, direction, claimed) })
		}
		return err
	}); err != nil {
		return c.failed(p, err)
	}
	if t.wrong.Numbers > 0 && t.wrong.Index < 0 {
		if err := c.locate(&t, m); err != nil {
			return c.failed(p, err)
		}
	}
	return t.verdict(m.witness(), s.grads[p] == nil)
}

// locate looks for one wrong number of a gradient that is wrong along a random
// direction, by halving what moves.
func (c *checker) locate(t *tally, m *slopes) error {
	for from, to := 0, len(t.claimed); to-from > 1; {
		middle, found := (from+to)/2, false
		for _, half := range [][2]int{{from, middle}, {middle, to}} {
			direction, claimed := make([]float64, len(t.claimed)), 0.0
			for i := half[0]; i < half[1]; i++ {
				direction[i] = float64(i%5+1) / math.Sqrt(float64(half[1]-half[0]))
				if half[1]-half[0] == 1 {
					direction[i] = 1
				}
				claimed += direction[i] * t.claimed[i]
			}
			e, err := m.along(direction)
			if err != nil {
				return err
			}
			if found = e.Judge(claimed, t.relative, t.scale) == difference.Wrong; found {
				if from, to = half[0], half[1]; to-from == 1 {
					t.wrong.Index, t.wrong.Symbolic, t.wrong.Expected, t.wrong.Within = from, claimed, e.Slope, e.Error
				}
				break
			}
		}
		if !found {
			return nil
		}
	}
	return nil
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

// unsure is how much rounding there is in a gradient along a direction.
func (c *checker) unsure(p int, values map[*G.Node]G.Value, direction []float64, claimed float64) float64 {
	s := c.subject
	if s.grads[p] == nil {
		return 0
	}
	given := map[*G.Node]G.Value{}
	for _, n := range s.params {
		given[n] = values[n]
	}
	_, epsilon := c.differences()
	return audit.Unsure(s.all, given, s.grads[p], direction, claimed, rand.New(rand.NewPCG(c.Seed, 3)).Float64, epsilon)
}

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}
