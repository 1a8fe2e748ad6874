package gradcheck

import (
	"math"

	"symgrad/models/gradcheck/difference"
)

// slopes measures how a loss changes as numbers move.
type slopes struct {
	loss     func(x []float64) (float64, error)
	x        []float64
	settings difference.Settings
	middle   *float64 // the loss at x, once it is known
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

func (m *slopes) along(direction []float64) (difference.Estimate, error) {
	s := m.settings
	s.Step *= m.size(direction)
	return s.Along(m.line(direction))
}
