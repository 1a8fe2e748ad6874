package goal

import (
	"fmt"
	"math"

	"symgrad/train"
)

// cycles is how often a recipe is repeated before a goal counts as missed.
const cycles = 3

// Recipe says how to train: with one cycle of the learning rate and, where that
// was not enough, with more of them, each at a quarter of the rate before.
type Recipe struct {
	Optimizer string // adam (0.9, 0.99) or nesterov (0.9)
	Rate      float64
	Batch     int
	Cycle     int     // epochs
	L2        float64 // penalty on the weights
}

func (r Recipe) String() string {
	words := fmt.Sprintf("%s, rate %g, batch %d, epochs a cycle: %d", r.Optimizer, r.Rate, r.Batch, r.Cycle)
	if r.L2 > 0 {
		words += fmt.Sprintf(", L2 %g", r.L2)
	}
	return words
}

// Epochs is how many there may be.
func (r Recipe) Epochs() int { return cycles * r.Cycle }

func (r Recipe) config() train.Config {
	optimizer := train.Nesterov(0.9)
	if r.Optimizer == "adam" {
		optimizer = train.Adam(0.9, 0.99, 1e-8)
	}
	return train.Config{Epochs: r.Epochs(), Batch: r.Batch, Rate: r.Rate, Optimizer: optimizer, Schedule: r.schedule}
}

func (r Recipe) schedule(step, perEpoch, _ int) float64 {
	steps := r.Cycle * perEpoch
	return math.Pow(0.25, float64(step/steps)) * train.OneCycle(0.2)(step%steps, perEpoch, steps)
}
