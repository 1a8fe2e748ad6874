// Package vm runs Gorgonia expression graphs.
package vm

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// Machine is a gorgonia.VM that runs every operator in the caller's goroutine,
// so that a panic becomes an error.
type Machine struct {
	steps  []step
	values map[*G.Node]G.Value
}

type step struct {
	node *G.Node
	args []*G.Node
}

// New schedules a graph once. results are the nodes whose values will be read.
func New(g *G.ExprGraph, results ...*G.Node) (*Machine, error) {
	sorted, err := G.Sort(g) // roots first
	if err != nil {
		return nil, fmt.Errorf("vm: %w", err)
	}
	m := &Machine{values: make(map[*G.Node]G.Value, len(sorted))}
	for i := len(sorted) - 1; i >= 0; i-- {
		s := step{node: sorted[i]}
		for it := g.From(sorted[i].ID()); it.Next(); {
			s.args = append(s.args, it.Node().(*G.Node))
		}
		m.steps = append(m.steps, s)
	}
	return m, nil
}

// RunAll computes every node, operands first.
func (m *Machine) RunAll() error {
	for _, s := range m.steps {
		if err := m.run(s); err != nil {
			return fmt.Errorf("vm: %v: %w", s.node, err)
		}
	}
	return nil
}

func (m *Machine) run(s step) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if s.node.Op() == nil {
		v := s.node.Value()
		if v == nil {
			return fmt.Errorf("the input has no value")
		}
		m.values[s.node] = v
		return nil
	}
	in := make([]G.Value, len(s.args))
	for i, a := range s.args {
		in[i] = m.values[a]
	}
	v, err := s.node.Op().Do(in...)
	if err != nil || v == nil {
		return err
	}
	m.values[s.node] = v
	return G.UnsafeLet(s.node, v)
}

// Value is what a node held after the last run.
func (m *Machine) Value(n *G.Node) G.Value { return m.values[n] }

// Reset is not needed between runs.
func (m *Machine) Reset() {}

// Close has nothing to free.
func (m *Machine) Close() error { return nil }
