package vm

import "symgrad/models/ops"

// blockLen is how many numbers of a group are computed before the next ones: its
// intermediate values stay in the first-level cache.
const blockLen = 1024

// pieceLen is how many numbers of a group are one piece of work.
const pieceLen = 8 * blockLen

// micro is one elementwise operation of a group on one block.
type micro[F ops.Float] struct {
	out    operandOf[F]
	x, y   operandOf[F]
	apply1 func(dst, x []F)
	apply2 func(dst, x, y []F)
	scalar func(dst, x []F, y F) // y a scalar
	left   func(dst, y []F, x F) // x a scalar
}

// operandOf is where a block's numbers are: in a slot or in scratch.
type operandOf[F ops.Float] struct {
	slot    *slot[F] // nil: scratch
	scratch int      // which block of scratch
	single  bool     // a scalar, the same for every element
}

// scratch hands out blocks to values that live within a group.
type scratch struct {
	blocks int
	free   []int
}

func (s *scratch) take() (block int) {
	if k := len(s.free); k > 0 {
		block, s.free = s.free[k-1], s.free[:k-1]
		return block
	}
	s.blocks++
	return s.blocks - 1
}

// group emits the values of a unit as one instruction.
func (c *compiled[F]) group(u *unit) {
	inside := u.inside
	n := u.values[0].size
	where := map[*value]operandOf[F]{}
	find := func(v *value) operandOf[F] {
		r := root(v)
		if o, ok := where[r]; ok {
			return o
		}
		return operandOf[F]{slot: c.slot(r), single: r.size == 1 && n > 1}
	}
	reads := map[*value]int{} // that are still to come
	for _, v := range u.values {
		for _, a := range v.args {
			reads[root(a)]++
		}
	}
	var own scratch
	var steps []micro[F]
	for _, v := range u.values {
		s := microOf[F](v)
		s.x = find(v.args[0])
		if len(v.args) > 1 {
			s.y = find(v.args[1])
		}
		s.out = operandOf[F]{slot: c.slot(v)}
		if inside[v] {
			s.out = operandOf[F]{scratch: own.take()}
		}
		where[v] = s.out
		for _, a := range v.args {
			r := root(a)
			reads[r]--
			if inside[r] && reads[r] == 0 {
				own.free = append(own.free, where[r].scratch)
			}
		}
		steps = append(steps, s)
	}
	width := min(aligned(n), blockLen)
	c.need(own.blocks * width)
	c.strips(u.values[len(u.values)-1], n, pieceLen, n, func(worker, from, to int) {
		for ; from < to; from += blockLen {
			for i := range steps {
				steps[i].do(c.spaces[worker], width, from, min(from+blockLen, to))
			}
		}
	})
}

func (o *operandOf[F]) at(scratch []F, width, from, to int) []F {
	if o.slot == nil {
		return scratch[o.scratch*width : o.scratch*width+to-from]
	}
	return o.slot.data[from:to]
}

func (m *micro[F]) do(scratch []F, width, from, to int) {
	out := m.out.at(scratch, width, from, to)
	switch {
	case m.apply1 != nil && m.x.single:
		one := m.x.slot.data
		m.apply1(out[:len(one)], one)
		for i := range out {
			out[i] = out[0]
		}
	case m.apply1 != nil:
		m.apply1(out, m.x.at(scratch, width, from, to))
	case m.y.single:
		m.scalar(out, m.x.at(scratch, width, from, to), m.y.slot.data[0])
	case m.x.single:
		m.left(out, m.y.at(scratch, width, from, to), m.x.slot.data[0])
	default:
		m.apply2(out, m.x.at(scratch, width, from, to), m.y.at(scratch, width, from, to))
	}
}

// microOf chooses the loops of an elementwise value.
func microOf[F ops.Float](v *value) (m micro[F]) {
	switch op := v.op.(type) {
	case broadcast:
		m.apply1 = func(dst, x []F) { copy(dst, x) }
	case unary:
		m.apply1 = unaryKernel[F](op.kind)
	case binary:
		m.apply2, m.scalar, m.left = binaryKernels[F](op.kind)
	}
	return m
}
