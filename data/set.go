// Package data holds examples to learn from: truth tables, image sets in the
// IDX format, and the batches that training draws from them.
package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Set is a list of examples: inputs of one shape, each with a target.
type Set struct {
	Name  string
	Shape []int // of one input: (1, 28, 28) or (3)

	Pixels []uint8   // inputs as bytes, each standing for byte/255; or
	Values []float64 // inputs as numbers

	Classes    int       // numbers in one target
	Labels     []uint8   // the class of each example, its target one-hot; or
	Targets    []float64 // the targets themselves
	ClassNames []string  // what the classes are called; may be nil
}

// Len is the number of examples.
func (s *Set) Len() int {
	if s.Labels != nil {
		return len(s.Labels)
	}
	return len(s.Targets) / max(s.Classes, 1)
}

// Size is the number of numbers in one input.
func (s *Set) Size() int {
	n := 1
	for _, d := range s.Shape {
		n *= d
	}
	return n
}

// Validate checks that the lengths agree and that labels are classes.
func (s *Set) Validate() error {
	inputs := len(s.Pixels) + len(s.Values)
	switch {
	case s.Pixels != nil && s.Values != nil || s.Labels != nil && s.Targets != nil:
		return fmt.Errorf("data: %s: inputs or targets are given twice", s.Name)
	case s.Size() < 1 || s.Classes < 1:
		return fmt.Errorf("data: %s: inputs of shape %v, %d classes: all must be positive", s.Name, s.Shape, s.Classes)
	case inputs != s.Len()*s.Size():
		return fmt.Errorf("data: %s: %d numbers for %d inputs of shape %v, want %d", s.Name, inputs, s.Len(), s.Shape, s.Len()*s.Size())
	case s.Labels == nil && len(s.Targets) != s.Len()*s.Classes:
		return fmt.Errorf("data: %s: %d target numbers do not fill rows of %d", s.Name, len(s.Targets), s.Classes)
	}
	if i := slices.IndexFunc(s.Labels, func(l uint8) bool { return int(l) >= s.Classes }); i >= 0 {
		return fmt.Errorf("data: %s: label %d of example %d is not below %d", s.Name, s.Labels[i], i, s.Classes)
	}
	return nil
}

// Head is the first n examples, sharing memory with s; all of them if n is not
// positive or too large.
func (s *Set) Head(n int) *Set {
	if n <= 0 || n >= s.Len() {
		return s
	}
	h := *s
	if s.Pixels != nil {
		h.Pixels = s.Pixels[:n*s.Size()]
	}
	if s.Values != nil {
		h.Values = s.Values[:n*s.Size()]
	}
	if s.Labels != nil {
		h.Labels = s.Labels[:n]
	}
	if s.Targets != nil {
		h.Targets = s.Targets[:n*s.Classes]
	}
	return &h
}

// Split puts holdout examples, chosen by the seed, into a validation set and
// the others into a training set, both in their old order.
func (s *Set) Split(holdout int, seed uint64) (train, validation *Set, err error) {
	if holdout < 0 || holdout > s.Len() {
		return nil, nil, fmt.Errorf("data: %s: cannot hold out %d of %d examples", s.Name, holdout, s.Len())
	}
	order := rand.New(rand.NewPCG(seed, 0x5eed)).Perm(s.Len())
	slices.Sort(order[:holdout])
	slices.Sort(order[holdout:])
	return s.pick(order[holdout:]), s.pick(order[:holdout]), nil
}

func (s *Set) pick(idx []int) *Set {
	p := *s
	p.Pixels, p.Values = rows(s.Pixels, s.Size(), idx), rows(s.Values, s.Size(), idx)
	p.Labels, p.Targets = rows(s.Labels, 1, idx), rows(s.Targets, s.Classes, idx)
	return &p
}

func rows[T any](from []T, width int, idx []int) []T {
	if from == nil {
		return nil
	}
	out := make([]T, 0, len(idx)*width)
	for _, i := range idx {
		out = append(out, from[i*width:(i+1)*width]...)
	}
	return out
}
