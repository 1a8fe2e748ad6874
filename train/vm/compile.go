package vm

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// instruction is one step of a compiled program. Its pieces may run at once, in
// any order, and give the same bits however they are shared out.
type instruction struct {
	value  *value
	pieces int
	run    func(worker, piece int)
	job    job
}

// compiled is a program in float type F.
type compiled[F ops.Float] struct {
	code    []*instruction
	workers *workers
	written[F]
	spaces  [][]F               // one workspace a worker, for whatever instruction it runs
	space   int                 // how long each must be
	sums    [shards][]F         // see sumShards
	holds   int                 // how many there were
	slots   map[*value]*slot[F] // by root
	inputs  []*bound[F]
	reads   []reading
	copies  []func() error       // what is done at the end of each run
	owned   map[*value]bool      // whose memory a result has
	mine    map[*G.Node]*slot[F] // results in memory of their own, which the user may exchange
	failure error                // of an operator of Gorgonia's

	operands []*heldOperand[F] // of products

	done  map[*value]int  // how many instructions have run when a value is there
	ready [][]*G.Node     // results by how many instructions have run when they are there
	tell  func(n *G.Node) // is called for these; may be nil
}

// slot holds a value's numbers; an input's are exchanged when it is bound anew.
type slot[F ops.Float] struct {
	data []F
	ext  G.Value // of a value that is not of type F
	held int     // an input's: the hold that it is in; 0: in none
	adds bool    // what is written can be added to the numbers
	onto bool    // and is
}

func compile[F ops.Float](p *program, cfg Config, reads []reading, w *workers) (engine, error) {
	if err := p.rewrite(cfg.Skip, cfg.Verify, cfg.Dump); err != nil {
		return nil, err
	}
	units := schedule(p)
	places, size := plan(p, units, !cfg.NoOverlap)
	if cfg.Verify {
		if err := p.verifyPlan(units, places, size); err != nil {
			return nil, fmt.Errorf("the plan: %w", err)
		}
	}
	if cfg.Dump != nil {
		if err := p.dumpPlan(cfg.Dump, units, places, size); err != nil {
			return nil, err
		}
	}
	c := &compiled[F]{workers: w, written: written[F]{memory: make([]F, size)}, slots: map[*value]*slot[F]{}, reads: reads, owned: map[*value]bool{},
		done: map[*value]int{}, mine: map[*G.Node]*slot[F]{}}
	for _, v := range p.values {
		c.store(v, places)
	}
	for i := range units {
		u := &units[i]
		if u.group {
			c.group(u)
		} else if err := c.emit(u.values[0]); err != nil {
			return nil, fmt.Errorf("%v: %w", u.values[0].node, err)
		}
		for _, v := range u.values {
			for _, written := range append([]*value{v}, v.side...) {
				c.done[written] = len(c.code)
			}
		}
	}
	c.ready = make([][]*G.Node, len(c.code)+1)
	for range w.count {
		c.spaces = append(c.spaces, make([]F, c.space))
	}
	return c, nil
}

// need says how many numbers of workspace an instruction wants.
func (c *compiled[F]) need(n int) { c.space = max(c.space, n) }

// store gives a value its slot.
func (c *compiled[F]) store(v *value, places map[*value]place) {
	s := &slot[F]{}
	switch op := v.op.(type) {
	case alias:
		return
	case input:
		c.inputs = append(c.inputs, &bound[F]{node: v.node, slot: s, size: v.size})
	case constant:
		s.data = []F{F(op.v)}
	case fixed:
		if data, ok := rowMajorFloats(op.data, new([]F)); ok {
			s.data = data
		} else {
			s.ext = op.data
		}
	default:
		if at, ok := places[v]; ok && v.node.Dtype() == dtype[F]() {
			s.data = c.memory[at.offset : at.offset+v.size : at.offset+v.size]
		}
	}
	c.slots[v] = s
}

func (c *compiled[F]) slot(v *value) *slot[F] { return c.slots[root(v)] }

func (c *compiled[F]) add(v *value, pieces int, run func(worker, piece int)) {
	c.code = append(c.code, &instruction{value: v, pieces: pieces, run: run})
}

// run binds the inputs, one of them, if it is not nil, to the caller's numbers,
// and executes the code.
func (c *compiled[F]) run(lent *G.Node, numbers []float32) error {
	found := lent == nil
	for _, in := range c.inputs {
		var err error
		if in.node == lent {
			found = true
			err = in.lend(numbers, c.written)
		} else {
			err = in.bind(c.written)
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("%v is no input of the results", lent)
	}
	if err := c.execute(); err != nil {
		return err
	}
	for _, copyOut := range c.copies {
		if err := copyOut(); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiled[F]) execute() (err error) {
	var at int
	defer func() {
		if r := recover(); r != nil {
			v := c.code[at].value
			err = internalError(fmt.Sprintf("%v, which runs as %v", v.node, v), r)
		}
	}()
	for i, step := range c.code {
		at = i
		c.workers.do(&step.job, step.pieces, step.run)
		if c.failure != nil {
			err, c.failure = fmt.Errorf("%v: %w", step.value.node, c.failure), nil
			return err
		}
		if c.tell != nil {
			for _, n := range c.ready[i+1] {
				c.tell(n)
			}
		}
	}
	return nil
}

func (c *compiled[F]) announce(f func(n *G.Node)) { c.tell = f }
