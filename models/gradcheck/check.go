package gradcheck

import (
	"errors"
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/finding"
)

// Tensor is a parameter at the point where its gradient is checked.
type Tensor struct {
	Name   string
	Shape  []int // empty for a scalar
	Values []float64
}

// Build adds a scalar loss to the graph of the parameters' nodes, which come in
// the order of the tensors given. It may be called several times, each time with
// a fresh graph, and must build the same loss each time.
type Build func(params G.Nodes) (loss *G.Node, err error)

// Finding is one thing that a check found; its Kind says what, and whether it is
// an error or a note.
type Finding = finding.Finding

// Test fails t for everything wrong that [Check] finds and logs its notes.
func Test(t testing.TB, build Build, at []Tensor, o Options) {
	t.Helper()
	found, err := Check(build, at, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Kind.Note() {
			t.Log(f)
		} else {
			t.Error(f)
		}
	}
}

// Check compares the symbolic gradient of a loss with slopes of the loss's own
// graph, by a complex step or by central differences, at the point given and near
// it. Where they differ it looks for the first operator whose own gradient is
// wrong. The error says why nothing could be checked.
func Check(build Build, at []Tensor, o Options) ([]Finding, error) {
	o = o.filled()
	c := &checker{Options: o, build: build, at: at}
	var err error
	if c.subject, err = o.subject(build, at, o.Dtype); err != nil {
		if refused := (*undifferentiable)(nil); !errors.As(err, &refused) {
			return nil, err
		}
		if err = c.without(err); err != nil {
			return nil, err
		}
	}
	return c.run()
}

// Wrong gives those findings that are no notes.
func Wrong(found []Finding) (wrong []Finding) {
	for _, f := range found {
		if !f.Kind.Note() {
			wrong = append(wrong, f)
		}
	}
	return wrong
}

// without looks for the parameters by which Gorgonia does not differentiate and
// goes on without them.
func (c *checker) without(refused error) error {
	var without []int
	for p := range c.at {
		var others []int
		for q := range c.at {
			if q != p {
				others = append(others, q)
			}
		}
		if _, err := c.Options.subject(c.build, c.at, c.Dtype, others...); err != nil {
			without = append(without, p)
		}
	}
	if len(without) == 0 {
		return refused
	}
	var err error
	if c.subject, err = c.Options.subject(c.build, c.at, c.Dtype, without...); err != nil {
		return fmt.Errorf("%w; without %d parameters: %w", refused, len(without), err)
	}
	return nil
}
