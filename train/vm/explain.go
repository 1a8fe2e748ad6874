package vm

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"
)

// Fate is what became of one node of the graph.
type Fate struct {
	Node *G.Node
	Kind FateKind
	How  string // the instruction's operation, or why there is none
}

// FateKind says how a node's value is computed.
type FateKind int

// The kinds of fate.
const (
	Native   FateKind = iota // by an instruction of the machine's own
	Fused                    // within another node's instruction
	Known                    // not at all: it is an input, a constant, or the same numbers under another shape
	Gorgonia                 // by the operator's own Do, which may allocate: this is what makes a graph slow
	Unneeded                 // not at all: the results do not need it
)

func (k FateKind) String() string {
	return [...]string{"native", "fused", "known", "gorgonia", "unneeded"}[k]
}

// Explanation says what became of every node that a machine's results need, in
// the order of computation.
type Explanation []Fate

// Explain tells what the machine computes by itself, what is fused into what,
// and what runs through Gorgonia, and why.
func (m *Machine) Explain() Explanation {
	live := map[*value]bool{}
	for _, v := range m.program.values {
		live[v] = true
	}
	var e Explanation
	for _, v := range m.program.lowered {
		kind, how := v.fate(live)
		e = append(e, Fate{v.node, kind, how})
	}
	return e
}

func (v *value) fate(live map[*value]bool) (FateKind, string) {
	if !live[v] {
		for into := v.into; into != nil; into = into.into {
			if live[into] {
				return Fused, "in " + into.String()
			}
		}
		return Unneeded, "simplified away"
	}
	switch op := v.op.(type) {
	case opaque:
		return Gorgonia, op.why
	case input:
		return Known, "an input"
	case constant, fixed:
		return Known, "a constant"
	case alias:
		return Known, "the numbers of " + root(v).String()
	case besides:
		return Fused, "in " + v.args[0].String()
	}
	return Native, v.op.String()
}

// Count is how many nodes had a fate.
func (e Explanation) Count(kind FateKind) (n int) {
	for _, f := range e {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

// String is a table with a line a node.
func (e Explanation) String() string {
	var out strings.Builder
	for _, f := range e {
		name := f.Node.Name()
		if op := f.Node.Op(); op != nil {
			name = op.String()
		}
		fmt.Fprintf(&out, "%-8v %-40.40s %s\n", f.Kind, name, f.How)
	}
	return out.String()
}
