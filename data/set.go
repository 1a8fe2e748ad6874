// Package data holds examples to learn from: truth tables, image sets in the
// IDX format of MNIST, and the batches that training draws from them.
package data

import (
	"fmt"
	"math"
	"slices"
)

// Set is a list of examples: inputs of one shape, each with a target. Exactly
// one of Pixels and Values holds the inputs, and one of Labels and Targets the
// targets, each example's numbers after those of the one before.
type Set struct {
	Name  string
	Shape []int // of one input: {1, 28, 28} (channels, height, width) or {3}

	Pixels []uint8   // inputs as bytes, each standing for byte/255
	Values []float64 // inputs as numbers

	Classes    int       // numbers in one target
	Labels     []int     // the class of each example; its target is one-hot
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

// Validate checks what [Gather] and training take for granted: one kind of
// input and of target, lengths that agree, labels that are classes, and no NaN
// or infinity.
func (s *Set) Validate() error {
	switch {
	case (s.Pixels != nil) == (s.Values != nil):
		return s.fail("set exactly one of Pixels and Values")
	case (s.Labels != nil) == (s.Targets != nil):
		return s.fail("set exactly one of Labels and Targets")
	case len(s.Shape) == 0 || slices.Min(s.Shape) < 1:
		return s.fail("input shape %v, want at least one dimension and all positive", s.Shape)
	case s.Classes < 1:
		return s.fail("%d classes, want at least one", s.Classes)
	case s.ClassNames != nil && len(s.ClassNames) != s.Classes:
		return s.fail("%d class names for %d classes", len(s.ClassNames), s.Classes)
	case len(s.Targets)%s.Classes != 0:
		return s.fail("%d target numbers do not fill rows of %d", len(s.Targets), s.Classes)
	}
	if have, want := len(s.Pixels)+len(s.Values), s.Len()*s.Size(); have != want {
		return s.fail("%d input numbers for %d examples of shape %v, want %d", have, s.Len(), s.Shape, want)
	}
	if i := slices.IndexFunc(s.Labels, func(l int) bool { return l < 0 || l >= s.Classes }); i >= 0 {
		return s.fail("example %d has label %d, want 0 to %d", i, s.Labels[i], s.Classes-1)
	}
	if i := slices.IndexFunc(s.Values, notFinite); i >= 0 {
		return s.fail("example %d has the input %g", i/s.Size(), s.Values[i])
	}
	if i := slices.IndexFunc(s.Targets, notFinite); i >= 0 {
		return s.fail("example %d has the target %g", i/s.Classes, s.Targets[i])
	}
	return nil
}

func (s *Set) fail(format string, args ...any) error {
	return fmt.Errorf("data: set %q: %s", s.Name, fmt.Sprintf(format, args...))
}

func notFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
