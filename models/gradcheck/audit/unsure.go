package audit

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
)

// Unsure is how well the slope along a direction is known that a gradient claims:
// how much it changes when every number on the way is off by some roundings. Where
// the gradient jumps, since a tie is no longer one, that says nothing, and it is 0.
func Unsure(p interpret.Plan, given map[*G.Node]G.Value, gradient *G.Node, direction []float64, claimed float64, random func() float64, epsilon float64) float64 {
	spread := func(size float64) (largest float64) {
		for range 6 {
			values, err := shaken(p, given, random, size)
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

// Largest of all finite numbers, by size: what an operator takes from another as
// large is known to its rounding at best.
func Largest(values iter.Seq[G.Value]) (largest float64) {
	for v := range values {
		for _, x := range Numbers(v) {
			if !wild(x) {
				largest = max(largest, math.Abs(x))
			}
		}
	}
	return largest
}

// shaken evaluates a plan as [interpret.Plan.Values] does, with every number off by
// a random rounding.
func shaken(p interpret.Plan, given map[*G.Node]G.Value, random func() float64, epsilon float64) (map[*G.Node]G.Value, error) {
	shake := func(n *G.Node, v G.Value) G.Value {
		x := Numbers(v)
		if x == nil || interpret.IsSize(n) {
			return v
		}
		for i := range x {
			x[i] *= 1 + epsilon*(2*random()-1)
		}
		return interpret.Float(v.Dtype(), v.Shape(), x)
	}
	moved := make(map[*G.Node]G.Value, len(given))
	byID := func(a, b *G.Node) int { return cmp.Compare(a.ID(), b.ID()) }
	for _, n := range slices.SortedFunc(maps.Keys(given), byID) {
		moved[n] = shake(n, given[n])
	}
	for _, n := range p.Nodes() {
		if n.Op() == nil && n.Value() != nil && moved[n] == nil {
			moved[n] = shake(n, n.Value())
		}
	}
	return p.Watch(moved, func(n *G.Node, args []G.Value, apply interpret.Apply) (G.Value, error) {
		v, err := apply(n, args)
		if err == nil {
			if v, err = interpret.Copy(v, n.Shape()); err == nil {
				v = shake(n, v)
			}
		}
		return v, err
	})
}
