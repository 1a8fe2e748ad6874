package interpret

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Shaken is Values with every number off by a little: see [Plan.Shaken].
func Shaken(g *G.ExprGraph, r *rand.Rand, size float64) (map[*G.Node]G.Value, error) {
	return NewPlan(nil, roots(g)...).Shaken(nil, r.Float64, size)
}

// Shaken is Values with every number, given, of inputs and in between, multiplied by
// something random from 1-size to 1+size: how far it is from Values tells how much
// rounding matters to a node. Computed numbers that are smaller than normal ones move
// by up to two of the smallest, and so does 0 where it is a positive number that was
// too small. The sums that the gradients of batch normalisation and softmax take from
// dy, and cross-entropy's from the targets, are shaken, too: their results add up to 0
// only as well as those are known. So are the logarithms within cross-entropy.
func (p Plan) Shaken(given map[*G.Node]G.Value, random func() float64, size float64) (map[*G.Node]G.Value, error) {
	little := func() float64 { return size * (2*random() - 1) }
	shake := func(v G.Value, more func(x []float64)) G.Value {
		x := slices.Clone(floats(v))
		if x == nil {
			return v
		}
		for i := range x {
			x[i] *= 1 + little()
		}
		more(x)
		return Float(v.Dtype(), v.Shape(), x)
	}
	moved := make(map[*G.Node]G.Value, len(given))
	byID := func(a, b *G.Node) int { return cmp.Compare(a.ID(), b.ID()) }
	for _, n := range slices.SortedFunc(maps.Keys(given), byID) {
		moved[n] = shake(given[n], func([]float64) {})
	}
	for _, s := range p.steps {
		if n := s.node; n.Op() == nil && moved[n] == nil {
			v, err := s.value(nil, nil)
			if err != nil {
				return nil, fmt.Errorf("interpret: %v: %w", n, err)
			}
			moved[n] = shake(v, func([]float64) {})
		}
	}
	values, err := p.Watch(moved, func(n *G.Node, args []G.Value, apply Apply) (G.Value, error) {
		v, err := apply(n, args)
		if err != nil || IsSize(n) {
			return v, err
		}
		if v, err = Copy(v, n.Shape()); err != nil {
			return nil, err
		}
		return shake(v, func(x []float64) {
			shakeTiny(n, x, random)
			shakeSums(n, args, x, little)
		}), nil
	})
	if err != nil {
		return nil, err
	}
	return values, nil
}

// shakeTiny moves numbers by up to two of the smallest of their type, which changes
// normal ones by nothing.
func shakeTiny(n *G.Node, x []float64, random func() float64) {
	two := 2 * math.SmallestNonzeroFloat64
	if n.Dtype() == tensor.Float32 {
		two = 2 * math.SmallestNonzeroFloat32
	}
	for i, v := range x {
		switch {
		case v != 0:
			x[i] += two * (2*random() - 1)
		case positive(n.Op()):
			x[i] = two * random()
		}
	}
}

// positive tells whether an operator gives 0 only for a number that is too small.
func positive(op G.Op) bool {
	switch op := stock.Decode(op).(type) {
	case stock.Softmax:
		return !op.Log
	case stock.Unary:
		return op.Name == "exp" || op.Name == "sigmoid"
	}
	return false
}
