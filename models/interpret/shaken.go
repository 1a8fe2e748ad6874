package interpret

import (
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Shaken is Values with every number, of inputs and in between, multiplied by
// something random from 1-size to 1+size: how far it is from Values tells how
// much rounding matters to a node. What batch normalisation's gradient takes from
// dy is shaken, too: its result adds up to 0 only as well as that is known.
func Shaken(g *G.ExprGraph, r *rand.Rand, size float64) (map[*G.Node]G.Value, error) {
	little := func() float64 { return size * (2*r.Float64() - 1) }
	return evaluate(g, nil, func(s step, v G.Value, values map[*G.Node]G.Value) G.Value {
		x := slices.Clone(floats(v))
		if x == nil {
			return v
		}
		for i := range x {
			x[i] *= 1 + little()
		}
		if s.node.Op() != nil {
			if op, ok := stock.Decode(s.node.Op()).(stock.BatchNormGrad); ok {
				shakeTerms(op.BatchNorm, s.node.Shape(), x, floats(values[s.children[0]]), floats(values[s.children[1]]), little)
			}
		}
		return Float(v.Dtype(), v.Shape(), x)
	})
}

// shakeTerms adds to normalGrad's result what it changes by where mean(dy) and
// mean(y dy) are off by a little of the largest dy.
func shakeTerms(op stock.BatchNorm, shape tensor.Shape, dx, x, dy []float64, little func() float64) {
	if !*op.Training {
		return
	}
	channelsOf(op, shape, x, func(at []int, mean, scale float64) {
		largest := 0.0
		for _, i := range at {
			largest = max(largest, math.Abs(dy[i]))
		}
		ofMean, ofProduct := little()*largest*scale, little()*largest*scale
		for _, i := range at {
			dx[i] += ofMean + ofProduct*(x[i]-mean)*scale
		}
	})
}
