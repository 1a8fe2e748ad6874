package vm

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	kconv "symgrad/train/vm/kernel/conv"
)

// value is what one operation computes: a node of the program that a graph is
// lowered to. Passes replace operations; the emitter turns each into an
// instruction.
type value struct {
	op     operation
	args   []*value
	side   []*value // values that the same instruction writes, each of operation besides
	after  []*value // values that must be computed earlier, though they are not read
	shape  []int
	size   int
	layout layout
	node   *G.Node // where it came from, for messages

	keep bool   // its numbers will be read by the user
	uses int    // by reachable values, and one more when kept
	into *value // what it was fused into, for Explain
}

// layout is the order in which the numbers of images lie in memory.
type layout kconv.Layout

const (
	rowMajor     = layout(kconv.NCHW) // (B, C, H, W), as the graph has it; every other shape too
	channelsLast = layout(kconv.NHWC) // (B, H, W, C)
)

func newValue(op operation, shape []int, node *G.Node, args ...*value) *value {
	return &value{op: op, args: args, shape: slices.Clone(shape), size: volume(shape), node: node}
}

func (v *value) String() string { return fmt.Sprintf("%v%v", v.op, v.shape) }

// become turns v into another operation with v's shape; v's users see it.
func (v *value) become(op operation, args ...*value) { v.op, v.args = op, args }

// is tells whether v is a scalar constant of value c.
func (v *value) is(c float64) bool { return v.op == operation(constant{c}) }

func (v *value) scalar() bool { return v.size == 1 }

// before lists what must be there when v is computed.
func (v *value) before() []*value {
	return append(v.args[:len(v.args):len(v.args)], v.after...)
}

// hangsOn tells whether v is computed from another value.
func (v *value) hangsOn(other *value) bool {
	seen := map[*value]bool{}
	var visit func(v *value) bool
	visit = func(v *value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		return v == other || slices.ContainsFunc(v.before(), visit)
	}
	return visit(v)
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// program is a list of values in an order in which they can be computed.
type program struct {
	values  []*value
	results []result
	lowered []*value // one for each node of the graph, before any pass
	float32 bool     // else float64
}

// result binds a kept value to the node whose value it is.
type result struct {
	node  *G.Node
	value *value
}

// reach keeps the values that a kept one depends on, in order, and counts uses.
func (p *program) reach() {
	live := map[*value]bool{}
	var order []*value
	var visit func(v *value)
	visit = func(v *value) {
		if live[v] {
			return
		}
		live[v] = true
		v.uses = 0
		for _, a := range v.before() {
			visit(a)
		}
		order = append(order, v)
	}
	// The graph's own order first, so that the schedule does not depend on which result was asked for first.
	wanted := map[*value]bool{}
	for _, r := range p.results {
		wanted[r.value] = true
	}
	for _, v := range p.values {
		if wanted[v] {
			visit(v)
		}
	}
	for _, r := range p.results {
		r.value.keep = true
	}
	for _, v := range order {
		for _, a := range v.args {
			a.uses++
		}
		v.side = slices.DeleteFunc(v.side, func(s *value) bool { return !live[s] }) // a gradient that nobody asked for
	}
	for v := range wanted {
		v.uses++
	}
	p.values = order
}

// users lists who reads each value.
func (p *program) users() map[*value][]*value {
	u := make(map[*value][]*value, len(p.values))
	for _, v := range p.values {
		for _, a := range v.args {
			u[a] = append(u[a], v)
		}
	}
	return u
}

func isAlias(v *value) bool { _, ok := v.op.(alias); return ok }

// root looks through aliases: their numbers are their operand's.
func root(v *value) *value {
	for isAlias(v) {
		v = v.args[0]
	}
	return v
}
