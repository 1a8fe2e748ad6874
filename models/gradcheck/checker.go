package gradcheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/culprit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// checker checks one loss at several points.
type checker struct {
	Options
	build   Build
	at      []Tensor
	subject *subject
	found   []Finding
}

func (c *checker) run() ([]Finding, error) {
	r := rand.New(rand.NewPCG(c.Seed, 0x5eed))
	points := [][][]float64{nil}
	for _, t := range c.at {
		points[0] = append(points[0], t.Values)
	}
	for range max(c.Points, 0) {
		var x [][]float64
		for _, t := range c.at {
			x = append(x, culprit.Moved(t.Values, r.Float64))
		}
		points = append(points, x)
	}
	var first map[*G.Node]G.Value
	for i, x := range points {
		values := c.point(i, x)
		if len(Wrong(c.found)) > 0 || values == nil {
			return c.found, nil
		}
		if i == 0 {
			first = values
		}
	}
	c.back(points[0], first)
	for i, x := range points {
		if !c.Second {
			break
		}
		if err := c.second(i, x); err != nil {
			return c.found, err
		}
		if len(Wrong(c.found)) > 0 {
			return c.found, nil
		}
	}
	if err := c.machines(points); err != nil {
		return c.found, err
	}
	return c.found, nil
}

// point checks the gradients at one point and gives all values there; nil where
// nothing could be checked.
func (c *checker) point(i int, x [][]float64) map[*G.Node]G.Value {
	values, trouble := audit.Run(c.subject.all, c.subject.at(x))
	trouble = slices.DeleteFunc(trouble, func(t audit.Trouble) bool {
		return t.Kind == finding.NonFinite && c.finite(values)
	})
	if i > 0 && len(trouble) > 0 && !finite(audit.Numbers(values[c.subject.loss])) {
		return values // outside of what the loss is defined for
	}
	if len(trouble) > 0 {
		c.trouble(trouble, values)
		return nil
	}
	var all verdict
	for p := range c.subject.params {
		v := c.param(i, p, x[p], values)
		all.wrong, all.doubtful = append(all.wrong, v.wrong...), append(all.doubtful, v.doubtful...)
		all.undecided = all.undecided || v.undecided
		if i == 0 {
			c.found = append(c.found, v.notes...)
		}
	}
	if len(all.wrong) > 0 || all.undecided || c.Operators {
		c.blame(all, c.culprits(values), i)
	}
	return values
}

// culprits checks every operator alone that the parameters have to do with.
func (c *checker) culprits(values map[*G.Node]G.Value) (found []located) {
	s := c.subject
	depends := s.dependents(s.forward, s.params...)
	settings := c.culprit(depends)
	for _, n := range s.forward.Nodes() {
		if !depends[n] || n.Op() == nil {
			continue
		}
		if slices.ContainsFunc(interpret.Operands(n), func(o *G.Node) bool { return values[o] == nil }) {
			return found // an operator before it failed
		}
		for _, f := range settings.Check(n, values) {
			found = append(found, located{n, f})
		}
	}
	return found
}

// culprit is how operators are checked alone; depends marks those that matter.
func (c *checker) culprit(depends map[*G.Node]bool) culprit.Settings {
	s := culprit.Settings{Relative: c.Relative, Seed: c.Seed, Depends: func(n *G.Node) bool { return depends[n] }}
	s.Difference, s.Epsilon = c.differences()
	return s
}

type located struct {
	node *G.Node
	Finding
}

// blame gives each wrong gradient the first operator on its way that is wrong. A
// doubtful one without such an operator is right, at a corner.
func (c *checker) blame(v verdict, culprits []located, point int) {
	blamed := false
	for i, f := range append(slices.Clone(v.wrong), v.doubtful...) {
		p := slices.Index(c.subject.names, f.Param)
		depends := c.subject.dependents(c.subject.forward, c.subject.params[p])
		k := slices.IndexFunc(culprits, func(l located) bool { return depends[l.node] })
		switch {
		case k >= 0:
			f.Operator, f.Kind, f.Reason = culprits[k].Operator, culprits[k].Kind, culprits[k].Reason
		case i >= len(v.wrong):
			continue
		default:
			f.Reason = "each operator's own gradient is right"
		}
		if point > 0 {
			f.Reason = join(f.Reason, "near the point given, not at it")
		}
		c.found, blamed = append(c.found, f), true
	}
	for _, l := range culprits {
		if !blamed {
			c.found = append(c.found, l.Finding)
		}
	}
}

// trouble reports what was seen while the graph ran, at the operator whose
// gradient it belongs to.
func (c *checker) trouble(trouble []audit.Trouble, values map[*G.Node]G.Value) {
	culprits := c.culprits(values)
	t := trouble[0] // what comes after it is its consequence
	f := Finding{Kind: t.Kind, Reason: t.Reason}
	if t.Node != nil && t.Node.Op() != nil {
		f.Reason = fmt.Sprintf("%v: %s", t.Node.Op(), t.Reason)
	}
	if k := slices.IndexFunc(culprits, func(l located) bool { return l.Kind == t.Kind && l.Operator != nil }); k >= 0 {
		f.Operator, f.Reason = culprits[k].Operator, culprits[k].Reason
	}
	c.found = append(c.found, f)
}

// back runs the first point again.
func (c *checker) back(x [][]float64, first map[*G.Node]G.Value) {
	again, err := c.subject.all.Values(c.subject.at(x))
	if err != nil {
		c.found = append(c.found, Finding{Kind: finding.Failure, Reason: "when it runs again: " + err.Error()})
		return
	}
	for _, n := range c.subject.all.Nodes() {
		if a, b := audit.Numbers(first[n]), audit.Numbers(again[n]); n.Op() != nil && !slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }) {
			c.found = append(c.found, Finding{Kind: finding.State, Reason: fmt.Sprintf("%v gives other numbers at the same point after it ran at another", n.Op())})
			return
		}
	}
}

func (c *checker) finite(values map[*G.Node]G.Value) bool {
	for _, n := range append(G.Nodes{c.subject.loss}, c.subject.grads...) {
		if n != nil && !finite(audit.Numbers(values[n])) {
			return false
		}
	}
	return true
}

func finite(x []float64) bool {
	return x != nil && !slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
