package gradcheck

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/difference"
)

// Options tune a check. The zero value checks in float64, at the point given and
// at another near it; see the table in the package's documentation.
type Options struct {
	Relative   float64 // tolerance; 0 means 1e-6 (float32: 1e-2)
	Step       float64 // the largest step of the differences, relative to the numbers moved; 0 means 2e-3 (float32: 0.25)
	Directions int     // random directions instead of every number; 0 means every number up to 1,000, else 3 directions, and 1 near the point; -1 every number
	Points     int     // points besides the given one, drawn near it; 0 means 1, -1 none
	Seed       uint64  // of directions and points
	Operators  bool    // check every operator alone, also where the gradients are right
	Dtype      tensor.Dtype

	// Second checks the second derivatives too: that the gradients can be
	// differentiated, by repair.Grad of symgrad/models/repair, to what differences of
	// them give, and to a Hessian that is symmetric.
	Second bool

	// Grad differentiates; nil means gorgonia.Grad. Where the loss is made of
	// gradients, only repair.Grad of symgrad/models/repair is right.
	Grad func(cost *G.Node, wrt ...*G.Node) (G.Nodes, error)

	// Machine runs the graph as well, in Dtype, and must come to the same numbers.
	Machine Machine
}

func (o Options) filled() Options {
	if o.Dtype == (tensor.Dtype{}) {
		o.Dtype = tensor.Float64
	}
	if o.Relative == 0 {
		o.Relative = 1e-6
		if o.Dtype == tensor.Float32 {
			o.Relative = 1e-2
		}
	}
	if o.Grad == nil {
		o.Grad = G.Grad
	}
	if o.Points == 0 {
		o.Points = 1
	}
	return o
}

// differences are the settings for measuring slopes, epsilon the precision.
func (o Options) differences() (s difference.Settings, epsilon float64) {
	s, epsilon = difference.Double(), 0x1p-52
	if o.Dtype == tensor.Float32 {
		s, epsilon = difference.Single(), 0x1p-23
	}
	if o.Step > 0 {
		s.Step = o.Step
	}
	return s, epsilon
}

// directions is how many to draw for a parameter of so many numbers at a point;
// 0: none, move every number.
func (o Options) directions(numbers, point int) int {
	switch {
	case o.Directions > 0:
		return o.Directions
	case o.Directions < 0 || numbers <= 1000:
		return 0
	}
	if point > 0 {
		return 1
	}
	return 3
}
