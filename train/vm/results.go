package vm

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// bind makes the values that results are read from, once. A result's memory is
// its reader's until the next run; so what a run does not write anew, an input
// under another shape or a constant, is copied out of its slot.
func (c *compiled[F]) bind(results []result, variables G.Nodes) (map[*G.Node]G.Value, error) {
	values := map[*G.Node]G.Value{}
	for _, r := range results {
		if _, done := values[r.node]; done {
			continue
		}
		s, node := c.slot(r.value), r.node
		switch {
		case node.Op() == nil: // an input: whatever is bound
			c.after(func() error { values[node] = node.Value(); return nil })
			values[node] = node.Value()
			continue
		case node.Dtype() != dtype[F](): // only Gorgonia computes it
			c.after(func() error { values[node] = s.ext; return G.UnsafeLet(node, s.ext) })
			continue
		}
		v := c.resultOf(r, s)
		values[node] = v
		if err := G.UnsafeLet(node, v); err != nil {
			return nil, fmt.Errorf("binding %v: %w", node, err)
		}
		c.after(func() error {
			if node.Value() != v { // another machine has run the graph
				return G.UnsafeLet(node, v)
			}
			return nil
		})
	}
	for _, r := range c.reads {
		c.after(func() error { *r.into = values[r.node]; return nil })
	}
	return values, c.ownGradients(variables, values)
}

// after adds something to do at the end of each run.
func (c *compiled[F]) after(do func() error) { c.copies = append(c.copies, do) }

// resultOf is a Gorgonia value that holds a result after each run.
func (c *compiled[F]) resultOf(r result, s *slot[F]) G.Value {
	shape := []int(r.node.Shape())
	of := root(r.value)
	_, lasting := of.op.(fixed)
	_, given := of.op.(input)
	_, known := of.op.(constant)
	taken := c.owned[of]
	c.owned[of] = true
	switch {
	case len(shape) == 0:
		return c.scalarResult(s)
	case lasting || given || known || taken:
		data := make([]F, r.value.size)
		c.after(func() error { copy(data, s.data); return nil })
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	}
	if _, foreign := of.op.(opaque); !foreign {
		c.mine[r.node] = s
	}
	if at, ok := c.done[of]; ok {
		c.ready[at] = append(c.ready[at], r.node)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s.data))
}

// place has a result written to, or added onto, other numbers than before.
func (c *compiled[F]) place(result *G.Node, numbers any, onto bool) bool {
	s, own := c.mine[result]
	data, ok := numbers.([]F)
	if !own || !ok || len(data) != len(s.data) || onto && !s.adds {
		return false
	}
	s.data, s.onto = data, onto
	if !slices.Contains(c.placed, s) {
		c.placed = append(c.placed, s)
	}
	return true
}

// scalarResult is a Gorgonia scalar that follows a slot.
func (c *compiled[F]) scalarResult(s *slot[F]) G.Value {
	if dtype[F]() == tensor.Float32 {
		out := new(G.F32)
		c.after(func() error { *out = G.F32(s.data[0]); return nil })
		return out
	}
	out := new(G.F64)
	c.after(func() error { *out = G.F64(s.data[0]); return nil })
	return out
}

// ownGradients gives each input that was differentiated a gradient of its own,
// since solvers write into it: where two inputs have one gradient node, and
// where a dual value that another machine bound hides the node's.
func (c *compiled[F]) ownGradients(variables G.Nodes, values map[*G.Node]G.Value) error {
	count := map[*G.Node]int{}
	for _, in := range variables {
		count[in.Deriv()]++
	}
	for _, in := range variables {
		v := values[in.Deriv()]
		if v == nil { // it is no result
			continue
		}
		grad := v
		if count[in.Deriv()] > 1 {
			own, err := G.CloneValue(v)
			if err != nil {
				return err
			}
			grad = own
			c.after(func() error { return copyValue(own, v) })
		}
		c.after(func() error {
			if now, _ := in.Grad(); now != grad && in.Value() != nil {
				G.WithGrad(grad)(in)
			}
			return nil
		})
	}
	return nil
}

// copyValue copies the numbers of one value of a type and shape to another.
func copyValue(dst, src G.Value) error {
	switch d := dst.(type) {
	case *G.F64:
		*d = *src.(*G.F64)
	case *G.F32:
		*d = *src.(*G.F32)
	case *tensor.Dense:
		if d.Dtype() == tensor.Float32 {
			copy(d.Float32s(), src.(*tensor.Dense).Float32s())
		} else {
			copy(d.Float64s(), src.(*tensor.Dense).Float64s())
		}
	default:
		return fmt.Errorf("a gradient is a %T", dst)
	}
	return nil
}
