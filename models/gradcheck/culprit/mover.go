package culprit

import (
	"math"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/interpret"
)

// along is the weighted sum of the operator's outputs as operand k moves.
func (c *check) along(k int, direction []float64) func(h float64) (float64, error) {
	at, apply := audit.Numbers(c.args[k]), interpret.Alone()
	return func(h float64) (float64, error) {
		moved := make([]float64, len(at))
		for i, d := range direction {
			moved[i] = at[i] + h*d
		}
		args := make([]G.Value, len(c.args))
		for i, a := range c.args {
			var err error
			if args[i], err = interpret.Copy(a, a.Shape()); err != nil {
				return 0, err
			}
		}
		args[k] = interpret.Float(c.operands[k].Dtype(), c.operands[k].Shape(), moved)
		v, err := apply(c.node, args)
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for i, y := range audit.Numbers(v) {
			sum += c.weightOf(i) * y
		}
		return sum, nil
	}
}

// mover measures slopes of the output as operand k moves.
type mover struct {
	check    *check
	k        int
	at       []float64
	settings difference.Settings
}

// mover finds out how much rounding there is.
func (c *check) mover(k int) (*mover, error) {
	m := &mover{c, k, audit.Numbers(c.args[k]), c.Difference}
	all := make([]float64, len(m.at))
	for i := range all {
		all[i] = 1 / math.Sqrt(float64(len(all)))
	}
	var err error
	m.settings.Noise, err = difference.Listen(c.along(k, all), m.settings.Unit*m.size(all), c.Epsilon)
	m.settings.Noise.Size = max(m.settings.Noise.Size, c.within())
	return m, err
}

// within is how much the weighted sum of the outputs is off by rounding that happens
// within the operator, where neighbouring outputs do not show it.
func (c *check) within() (largest float64) {
	for range 6 {
		sum := 0.0
		for i, off := range interpret.Within(c.node, c.args, c.r.Float64, c.Epsilon) {
			sum += c.weightOf(i) * off
		}
		largest = max(largest, math.Abs(sum))
	}
	return largest
}

// weightOf an output is that of the incoming gradient, if there is one.
func (c *check) weightOf(i int) float64 {
	if c.weight != nil {
		return c.weight[i]
	}
	return 1 + float64(i%7)/7
}

// size is that of the numbers that move.
func (m *mover) size(direction []float64) float64 {
	size := 0.0
	for i, v := range m.at {
		if direction[i] != 0 {
			size = max(size, math.Abs(v))
		}
	}
	if size == 0 {
		return 1
	}
	return max(size, 1e-2)
}

func (m *mover) slope(direction []float64) (difference.Estimate, error) {
	s := m.settings
	s.Step *= m.size(direction)
	return s.Along(m.check.along(m.k, direction))
}

// random is a direction of length about 1.
func (c *check) random(n int) []float64 {
	direction := make([]float64, n)
	for i := range direction {
		direction[i] = c.r.NormFloat64() / math.Sqrt(float64(n))
	}
	return direction
}
