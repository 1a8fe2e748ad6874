package vm

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// instruction is one step of a compiled program. Its pieces may run at once, in
// any order, and give the same bits however they are shared out.
type instruction struct {
	name   string
	node   *G.Node
	pieces int
	run    func(worker, piece int)
}

// compiled is a program in float type F.
type compiled[F ops.Float] struct {
	code    []*instruction
	workers *workers
	memory  []F
	slots   map[*value]*slot[F] // by root
	inputs  []bound[F]
	copies  []func() error // results that are copied out after a run
	failure error          // of an operator of Gorgonia's
}

// slot holds a value's numbers; an input's are exchanged when it is bound anew.
type slot[F ops.Float] struct {
	data []F
	ext  G.Value // of a value that is not of type F
}

// bound is an input and where its numbers go.
type bound[F ops.Float] struct {
	node *G.Node
	slot *slot[F]
	size int
}

func compile[F ops.Float](p *program, w *workers) (engine, error) {
	_, single := any(F(0)).(float32)
	p.simplify(single)
	fuseDense(p)
	if single {
		fuseConvolutions(p)
	}
	p.reach()
	units := schedule(p)
	places, size := plan(p, units)
	c := &compiled[F]{workers: w, memory: make([]F, size), slots: map[*value]*slot[F]{}}
	for _, v := range p.values {
		if err := c.store(v, places); err != nil {
			return nil, fmt.Errorf("%v: %w", v.node, err)
		}
	}
	for _, u := range units {
		if u.group {
			c.group(u, u.inner(p))
			continue
		}
		if err := c.emit(u.values[0]); err != nil {
			return nil, fmt.Errorf("%v: %w", u.values[0].node, err)
		}
	}
	return c, nil
}

// store gives a value its slot.
func (c *compiled[F]) store(v *value, places map[*value]place) error {
	s := &slot[F]{}
	switch op := v.op.(type) {
	case alias:
		return nil
	case input:
		c.inputs = append(c.inputs, bound[F]{v.node, s, v.size})
	case constant:
		s.data = []F{F(op.v)}
	case fixed:
		data, ok := floats[F](op.data)
		if !ok {
			s.ext = op.data
		}
		s.data = data
	default:
		if at, ok := places[v]; ok && (v.node.Dtype() == dtype[F]() || !isOpaque(v)) {
			s.data = c.memory[at.offset : at.offset+v.size : at.offset+v.size]
		}
	}
	c.slots[v] = s
	return nil
}

func isOpaque(v *value) bool { _, ok := v.op.(opaque); return ok }

func (c *compiled[F]) slot(v *value) *slot[F] { return c.slots[root(v)] }

func (c *compiled[F]) add(v *value, pieces int, run func(worker, piece int)) {
	c.code = append(c.code, &instruction{name: fmt.Sprint(v), node: v.node, pieces: pieces, run: run})
}

// run binds the inputs and executes the code.
func (c *compiled[F]) run() (err error) {
	for _, in := range c.inputs {
		v := in.node.Value()
		if v == nil {
			return fmt.Errorf("the input %v has no value", in.node)
		}
		data, ok := floats[F](v)
		switch {
		case !ok:
			in.slot.ext = v
		case len(data) != in.size:
			return fmt.Errorf("the input %v holds %d numbers, want %d", in.node, len(data), in.size)
		default:
			in.slot.data = data
		}
	}
	at := -1
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v: %v", c.code[at].node, r)
		}
	}()
	for i, step := range c.code {
		at = i
		c.workers.do(step.pieces, step.run)
		if c.failure != nil {
			err, c.failure = fmt.Errorf("%v: %w", step.node, c.failure), nil
			return err
		}
	}
	for _, copyOut := range c.copies {
		if err := copyOut(); err != nil {
			return err
		}
	}
	return nil
}

// floats gives the numbers of a value of type F, row-major. It avoids Dense.Data,
// which builds a slice by reflection.
func floats[F ops.Float](v G.Value) ([]F, bool) {
	switch x := v.(type) {
	case *tensor.Dense:
		if x.Dtype() != dtype[F]() {
			return nil, false
		}
		if x.RequiresIterator() {
			x = x.Materialize().(*tensor.Dense)
		}
		if dtype[F]() == tensor.Float32 {
			data, ok := any(x.Float32s()).([]F)
			return data, ok
		}
		data, ok := any(x.Float64s()).([]F)
		return data, ok
	case *G.F64:
		if _, ok := any(F(0)).(float64); ok {
			return []F{F(*x)}, true
		}
	case *G.F32:
		if _, ok := any(F(0)).(float32); ok {
			return []F{F(*x)}, true
		}
	}
	return nil, false
}

// bind makes the values that results are read from, once. A result's memory is
// its reader's until the next run; so what a run does not write anew, an input
// under another shape or a constant, is copied out of its slot.
func (c *compiled[F]) bind(results []result) (map[*G.Node]G.Value, error) {
	values := map[*G.Node]G.Value{}
	for _, r := range results {
		s, node := c.slot(r.value), r.node
		shape := []int(node.Shape())
		_, lasting := root(r.value).op.(fixed)
		_, given := root(r.value).op.(input)
		var v G.Value
		switch {
		case node.Op() == nil: // an input: whatever is bound
			c.copies = append(c.copies, func() error { values[node] = node.Value(); return nil })
			continue
		case node.Dtype() != dtype[F](): // only Gorgonia computes it
			c.copies = append(c.copies, func() error { values[node] = s.ext; return G.UnsafeLet(node, s.ext) })
			continue
		case len(shape) == 0:
			v = c.scalarResult(s)
		case lasting || given:
			data := make([]F, r.value.size)
			c.copies = append(c.copies, func() error { copy(data, s.data); return nil })
			v = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
		default:
			v = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s.data))
		}
		values[node] = v
		if err := G.UnsafeLet(node, v); err != nil {
			return nil, fmt.Errorf("binding %v: %w", node, err)
		}
	}
	return values, nil
}

// scalarResult is a Gorgonia scalar that follows a slot.
func (c *compiled[F]) scalarResult(s *slot[F]) G.Value {
	if _, ok := any(F(0)).(float32); ok {
		out := new(G.F32)
		c.copies = append(c.copies, func() error { *out = G.F32(s.data[0]); return nil })
		return out
	}
	out := new(G.F64)
	c.copies = append(c.copies, func() error { *out = G.F64(s.data[0]); return nil })
	return out
}
