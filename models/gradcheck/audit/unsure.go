package audit

import (
	"math"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
)

// Unsure is how well the slope along a direction is known that a gradient claims:
// how much it changes when every number on the way is off by some roundings. Where
// the gradient jumps, since a tie is no longer one, that says nothing, and it is 0.
func Unsure(p interpret.Plan, given map[*G.Node]G.Value, gradient *G.Node, direction []float64, claimed float64, random func() float64, epsilon float64) float64 {
	spread := func(size float64) (largest float64) {
		for range 6 {
			values, err := p.Shaken(given, random, size)
			if err != nil {
				return 0
			}
			along := 0.0
			for i, g := range Numbers(values[gradient]) {
				along += direction[i] * g
			}
			largest = max(largest, math.Abs(along-claimed))
		}
		return largest
	}
	small := spread(2 * epsilon)
	if spread(128*epsilon) < 8*small {
		return 0
	}
	return small
}
