package culprit

import (
	"errors"
	"maps"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
)

// remembers runs the gradients once more with other operands and another incoming
// gradient: a wrong one that stays as it was is remembered from an earlier run.
func (c *check) remembers(plan interpret.Plan, given map[*G.Node]G.Value, dy *G.Node, grads G.Nodes) {
	first, err := plan.Values(given)
	if err != nil {
		return
	}
	other, args := maps.Clone(given), make([]G.Value, len(c.args))
	for i, n := range c.operands {
		v := audit.Numbers(c.args[i])
		if args[i] = c.args[i]; v != nil {
			for j := range v {
				v[j] *= 1 + 0.1*c.r.Float64()
			}
			args[i] = interpret.Float(n.Dtype(), n.Shape(), v)
		}
		other[n] = args[i]
	}
	values, err := interpret.NewPlan(other, c.node).Values(other)
	if err != nil {
		return
	}
	weight := slices.Clone(c.weight)
	for i := range weight {
		weight[i] *= 1.5
	}
	other[c.node], other[dy] = values[c.node], interpret.Float(c.node.Dtype(), c.node.Shape(), weight)
	second, err := plan.Values(other)
	if err != nil {
		return
	}
	for i, f := range c.found {
		if k := f.Operator.Operand - 1; f.Kind == finding.Gradient && k >= 0 {
			a, b := audit.Numbers(first[grads[k]]), audit.Numbers(second[grads[k]])
			if varied(a) && slices.Equal(a, b) {
				c.found[i].Kind, c.found[i].Operator.Pattern = finding.State, "the gradient stays the same, whatever the operands and the incoming gradient are: it is remembered"
			}
		}
	}
}

// varied tells whether there are numbers of more than one size: all clipped to one,
// they stay the same and are not remembered.
func varied(x []float64) bool {
	return rms(x) > 0 && (len(x) == 1 || slices.ContainsFunc(x, func(v float64) bool { return math.Abs(v) != math.Abs(x[0]) }))
}

// alone tells whether a gradient that is wrong is right for a batch of one.
func (c *check) alone(kind finding.Kind) string {
	shape := c.node.Shape()
	if kind != finding.Gradient || len(shape) == 0 || shape[0] < 2 {
		return ""
	}
	g := G.NewGraph()
	var operands G.Nodes
	var args []G.Value
	for i, n := range c.operands {
		v, s := audit.Numbers(c.args[i]), n.Shape().Clone()
		if v == nil || n.Op() != nil && n.Op().Arity() == 0 {
			return ""
		}
		if len(s) > 0 && s[0] == shape[0] {
			v, s[0] = v[:len(v)/s[0]], 1
		}
		args = append(args, interpret.Float(n.Dtype(), s, v))
		if len(s) == 0 {
			operands = append(operands, G.NewScalar(g, n.Dtype(), G.WithName(string(rune('a'+i)))))
		} else {
			operands = append(operands, G.NewTensor(g, n.Dtype(), len(s), G.WithShape(s...), G.WithName(string(rune('a'+i)))))
		}
	}
	one, err := apply(c.node.Op(), operands)
	if err != nil || !one.Shape().Eq(append(tensor.Shape{1}, shape[1:]...)) {
		return ""
	}
	s := c.Settings
	wanted := map[*G.Node]bool{}
	for i, n := range operands {
		wanted[n] = c.Depends(c.operands[i])
	}
	s.Depends = func(n *G.Node) bool { return wanted[n] }
	check := &check{Settings: s, node: one, operands: operands, args: args, r: c.r}
	if len(check.run()) > 0 || rms(check.weight) == 0 {
		return ""
	}
	return "right for a batch of one"
}

// apply is gorgonia.ApplyOp without its panics.
func apply(op G.Op, operands G.Nodes) (n *G.Node, err error) {
	defer func() {
		if recover() != nil {
			n, err = nil, errors.New("the operator does not take such operands")
		}
	}()
	return G.ApplyOp(op, operands...)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// Moved is a point near a point where nothing is at a corner but by chance: every
// number by some percent, zeros by some percent of the others' size.
func Moved(x []float64, random func() float64) []float64 {
	out, size := make([]float64, len(x)), rms(x)
	if size == 0 || math.IsNaN(size) {
		size = 1
	}
	for i, v := range x {
		if v == 0 {
			v = size * (2*random() - 1) / 50
		}
		out[i] = v * (1 + (2*random()-1)/20)
	}
	return out
}
