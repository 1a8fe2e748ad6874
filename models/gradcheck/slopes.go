package gradcheck

import (
	"math"

	"symgrad/models/gradcheck/complexstep"
	"symgrad/models/gradcheck/difference"
)

// slopes measures how a loss changes as numbers move.
type slopes struct {
	loss     func(x []float64) (float64, error)
	x        []float64
	settings difference.Settings
	epsilon  float64           // the precision; 0 once the noise was measured
	middle   *float64          // the loss at x, once it is known
	analytic *complexstep.Line // nil where the loss is not
}

func (c *checker) slopes(loss func(x []float64) (float64, error), x []float64) *slopes {
	m := &slopes{loss: loss, x: x}
	m.settings, m.epsilon = c.differences()
	return m
}

// noise finds out, once, how much rounding there is in the loss.
func (m *slopes) noise() (err error) {
	if m.epsilon == 0 {
		return nil
	}
	all := make([]float64, len(m.x))
	for i := range all {
		all[i] = 1 / math.Sqrt(float64(len(m.x)))
	}
	m.settings.Noise, err = difference.Listen(m.line(all), m.settings.Unit*m.size(all), m.epsilon)
	m.epsilon = 0
	return err
}

func (m *slopes) line(direction []float64) func(h float64) (float64, error) {
	moved := make([]float64, len(m.x))
	return func(h float64) (float64, error) {
		if h == 0 && m.middle != nil {
			return *m.middle, nil
		}
		for i, d := range direction {
			moved[i] = m.x[i] + h*d
		}
		v, err := m.loss(moved)
		if h == 0 && err == nil {
			m.middle = &v
		}
		return v, err
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

// along measures a slope, by a complex step where the loss is analytic, else by
// differences.
func (m *slopes) along(direction []float64) (difference.Estimate, error) {
	if m.analytic != nil {
		if e, ok := m.analytic.Along(direction); ok {
			return e, nil
		}
		m.analytic = nil
	}
	if err := m.noise(); err != nil {
		return difference.Estimate{}, err
	}
	s := m.settings
	s.Step *= m.size(direction)
	return s.Along(m.line(direction))
}

// witness names who measured last.
func (m *slopes) witness() string {
	if m.analytic != nil {
		return "complex step"
	}
	return "finite difference"
}
