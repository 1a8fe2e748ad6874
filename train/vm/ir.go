package vm

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
)

// value is what one operation computes: a node of the program that a graph is
// lowered to. Rewrites replace operations; the emitter turns each into an
// instruction.
type value struct {
	op    any // one of the operation types below, or an operator of package ops
	args  []*value
	shape []int
	size  int
	node  *G.Node // where it came from, for messages

	keep bool // its value will be read
	uses int  // by reachable values, and one more when kept
	nhwc bool // images are stored (B, H, W, C) instead of the graph's (B, C, H, W)
}

// The operations of a program besides the operators of package ops.
type (
	input     struct{}               // a graph's input: bound by the user
	constant  struct{ v float64 }    // a scalar known when the program is made
	fixed     struct{ data G.Value } // a constant tensor
	alias     struct{}               // the same numbers under another shape
	broadcast struct{}               // a scalar repeated to a shape
	repeat    struct{ outer, axis, inner, times int }
	transpose struct{ perm []int }
	sum       struct{ over []bool } // which axes are summed away
	matmul    struct{ transA, transB bool }
	unary     struct{ kind unaryKind }
	binary    struct{ kind binaryKind }
	softmax   struct{ log bool } // over the rows of a matrix
	opaque    struct{ op G.Op }  // runs through Gorgonia's own operator
)

func newValue(op any, shape []int, node *G.Node, args ...*value) *value {
	return &value{op: op, args: args, shape: slices.Clone(shape), size: volume(shape), node: node}
}

func (v *value) String() string {
	return fmt.Sprintf("%T%v", v.op, v.shape)
}

// become turns v into another operation with v's shape; v's users see it.
func (v *value) become(op any, args ...*value) { v.op, v.args = op, args }

// is tells whether v is a scalar constant of value c.
func (v *value) is(c float64) bool {
	k, ok := v.op.(constant)
	return ok && k.v == c
}

func (v *value) scalar() bool { return v.size == 1 }

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
}

// result binds a kept value to the node whose value it is.
type result struct {
	node  *G.Node
	value *value
}

// reach keeps the values that a kept one depends on, in order, looks through
// aliases of aliases, and counts uses.
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
		for _, a := range v.args {
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
		visit(r.value)
		r.value.keep = true
	}
	for _, v := range order {
		for _, a := range v.args {
			a.uses++
		}
	}
	for v := range wanted {
		v.uses++
	}
	p.values = order
}

// users lists who reads each value.
func (p *program) users() map[*value][]*value {
	u := map[*value][]*value{}
	for _, v := range p.values {
		for _, a := range v.args {
			u[a] = append(u[a], v)
		}
	}
	return u
}
