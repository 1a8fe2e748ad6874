// Package culprit checks one operator of a graph alone: its vector-Jacobian
// product, as its SymDiff builds it, against differences of its own Do on the
// operands that it has there.
package culprit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// Settings of a check.
type Settings struct {
	Relative   float64 // tolerance
	Difference difference.Settings
	Epsilon    float64 // of the dtype: the distance from 1 to the next number
	Seed       uint64
	Depends    func(n *G.Node) bool // whether a gradient of n is wanted
	Operator   func(op G.Op) G.Op   // whose SymDiff is checked; nil: a node's own
}

// most is the size up to which every number of an operand is moved.
const most = 32

// Check gives what is wrong with a node's operator where its operands, and the
// inputs of the graph, have these values. The first finding is the one that explains
// most.
func (s Settings) Check(n *G.Node, values map[*G.Node]G.Value) []finding.Finding {
	c := &check{Settings: s, node: n, operands: interpret.Operands(n), values: values, r: rand.New(rand.NewPCG(s.Seed, uint64(n.ID())))}
	for _, o := range c.operands {
		c.args = append(c.args, values[o])
	}
	found := c.run()
	for i := range found {
		if o := found[i].Operator; o != nil && !found[i].Kind.Note() {
			o.Pattern = join(o.Pattern, c.alone(found[i].Kind))
		}
	}
	return found
}

type check struct {
	Settings
	node     *G.Node
	operands G.Nodes
	args     []G.Value
	values   map[*G.Node]G.Value // of inputs that a gradient goes back to past the operands, as Gorgonia's of 1 - sigmoid(-x) does
	r        *rand.Rand

	weight []float64 // the numbers of dy
	plan   interpret.Plan
	given  map[*G.Node]G.Value
	grads  G.Nodes
	found  []finding.Finding
}

func (c *check) run() []finding.Finding {
	given := map[*G.Node]G.Value{}
	for i, n := range c.operands {
		given[n] = c.args[i]
	}
	values, trouble := audit.Run(interpret.NewPlan(given, c.node), given)
	if c.report(trouble) || len(trouble) > 0 {
		return c.found
	}
	if !slices.ContainsFunc(audit.Numbers(values[c.node]), func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }) {
		return nil // no numbers to move
	}
	wrt, grads, dy, err := c.differentiate()
	if err != nil {
		c.add(finding.Finding{Kind: finding.Failure, Reason: err.Error()}, 0)
		return c.found
	}
	if dy != nil {
		c.direct(dy, given)
		plan := interpret.NewPlan(given, slices.DeleteFunc(slices.Clone(grads), func(g *G.Node) bool { return g == nil })...)
		for _, n := range plan.Nodes() {
			if v := c.values[n]; n.Op() == nil && v != nil {
				given[n] = v
			}
		}
		c.plan, c.given, c.grads = plan, given, grads // with the operator itself: its gradient may read what it left
		gradients, trouble := audit.Run(plan, given)
		if c.report(trouble) || len(trouble) > 0 {
			return c.found
		}
		for k, g := range grads {
			if g == nil || !wrt[k] || !c.Depends(c.operands[k]) {
				continue
			}
			c.compare(k, audit.Numbers(gradients[g]), gradients[g].Shape())
		}
		if len(c.found) > 0 {
			c.remembers(plan, given, dy, grads)
		}
	}
	for k := range c.operands {
		if (dy == nil || !wrt[k]) && c.Depends(c.operands[k]) {
			c.passed(k)
		}
	}
	return c.found
}

// differentiate has the operator add its gradients to the graph.
func (c *check) differentiate() (wrt []bool, grads G.Nodes, dy *G.Node, err error) {
	of := c.node.Op()
	if c.Operator != nil {
		of = c.Operator(of)
	}
	op, ok := of.(G.SDOp)
	if !ok {
		return nil, nil, nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("SymDiff: panic: %v", r)
		}
	}()
	if wrt = op.DiffWRT(len(c.operands)); len(wrt) != len(c.operands) {
		return nil, nil, nil, fmt.Errorf("DiffWRT speaks of %d operands, there are %d", len(wrt), len(c.operands))
	}
	if !slices.Contains(wrt, true) {
		return wrt, nil, nil, nil
	}
	name := fmt.Sprintf("gradient of %x, seed %d", c.node.ID(), c.Seed)
	if c.node.Dims() == 0 {
		dy = G.NewScalar(c.node.Graph(), c.node.Dtype(), G.WithName(name))
	} else {
		dy = G.NewTensor(c.node.Graph(), c.node.Dtype(), c.node.Dims(), G.WithShape(c.node.Shape()...), G.WithName(name))
	}
	if grads, err = op.SymDiff(c.operands, c.node, dy); err != nil {
		return nil, nil, nil, fmt.Errorf("SymDiff: %w", err)
	}
	if len(grads) < len(c.operands) {
		return nil, nil, nil, fmt.Errorf("SymDiff gives %d gradients of %d operands", len(grads), len(c.operands))
	}
	grads = grads[:len(c.operands)] // batch normalisation has two more to give
	for k, g := range grads {
		if g == nil && wrt[k] {
			return nil, nil, nil, fmt.Errorf("SymDiff gives no gradient of operand %d, which DiffWRT promises", k+1)
		}
	}
	return wrt, grads, dy, nil
}

// direct draws the incoming gradient. It is positive, so that a maximum's slopes
// stay on the right side of each other.
func (c *check) direct(dy *G.Node, given map[*G.Node]G.Value) {
	c.weight = make([]float64, c.node.Shape().TotalSize())
	for i := range c.weight {
		c.weight[i] = 0.5 + c.r.Float64()
	}
	given[dy] = interpret.Float(c.node.Dtype(), c.node.Shape(), c.weight)
}

// add completes a finding with the operator and keeps it.
func (c *check) add(f finding.Finding, operand int) {
	f.Operator = &finding.Operator{Name: c.node.Op().String(), Operand: operand}
	for _, a := range c.args {
		f.Operator.Shapes = append(f.Operator.Shapes, a.Shape().Clone())
		v := audit.Numbers(a)
		if len(v) > 12 {
			v = nil
		}
		f.Operator.Values = append(f.Operator.Values, v)
	}
	f.Operator.Reproducer = Reproducer(c.node, c.args, max(operand-1, 0))
	c.found = append(c.found, f)
}

// report makes findings of what the audit saw.
func (c *check) report(trouble []audit.Trouble) bool {
	for _, t := range trouble {
		if t.Node != nil && t.Node != c.node {
			t.Reason = fmt.Sprintf("%v, in its gradient: %s", t.Node.Op(), t.Reason)
		}
		c.add(finding.Finding{Kind: t.Kind, Reason: t.Reason}, 0)
	}
	return len(c.found) > 0
}
