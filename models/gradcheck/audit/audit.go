// Package audit runs a graph node by node and watches each operator at work:
// whether it gives the same numbers twice, leaves its operands alone, keeps to the
// shape it promised and to finite numbers.
package audit

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
	"symgrad/models/stock"
)

// Trouble is what was seen at a node.
type Trouble struct {
	Node   *G.Node
	Kind   finding.Kind
	Reason string
}

// Run evaluates a plan, with values given for some nodes. It ends early where an
// operator fails.
func Run(p interpret.Plan, given map[*G.Node]G.Value) (values map[*G.Node]G.Value, found []Trouble) {
	report := func(n *G.Node, k finding.Kind, format string, args ...any) {
		found = append(found, Trouble{n, k, fmt.Sprintf(format, args...)})
	}
	values, err := p.Watch(given, func(n *G.Node, args []G.Value, apply interpret.Apply) (G.Value, error) {
		before := make([][]float64, len(args))
		again := make([]G.Value, len(args))
		for i, a := range args {
			before[i] = Numbers(a)
			var err error
			if again[i], err = interpret.Copy(a, a.Shape()); err != nil {
				return nil, err
			}
		}
		v, err := apply(n, args)
		if err != nil {
			report(n, finding.Failure, "%v", err)
			return nil, err
		}
		for i, a := range args {
			if !same(before[i], Numbers(a)) {
				report(n, finding.Damage, "it writes into operand %d, which others may use", i+1)
			}
		}
		if !alike(v.Shape(), n.Shape()) {
			report(n, finding.Shape, "a value of shape %v, where %v was promised", v.Shape(), n.Shape())
			return nil, fmt.Errorf("shape %v, want %v", v.Shape(), n.Shape())
		}
		if v, err = interpret.Copy(v, n.Shape()); err != nil { // before the operator may write into it again
			return nil, err
		}
		out := Numbers(v)
		for range repeats(n, len(out)) {
			second, err := apply(n, again)
			if err != nil {
				report(n, finding.Failure, "the second time: %v", err)
				return nil, err
			}
			if !same(out, Numbers(second)) {
				report(n, finding.Random, "the same operands gave other numbers the second time")
				break
			}
		}
		if i := slices.IndexFunc(out, wild); i >= 0 && !slices.ContainsFunc(before, func(x []float64) bool { return slices.ContainsFunc(x, wild) }) {
			report(n, finding.NonFinite, "number %d of the result is %v, of finite operands", i, out[i])
		}
		return v, nil
	})
	if err != nil && len(found) == 0 {
		report(nil, finding.Failure, "%v", err)
	}
	return values, found
}

// repeats is how often an operator is tried again: few random numbers may be the
// same by chance.
func repeats(n *G.Node, numbers int) int {
	switch stock.Decode(n.Op()).(type) {
	case nil, stock.Dropout, stock.Random:
		return max(1, 8-numbers/8)
	}
	return 1
}

// Numbers reads any float value, row by row; nil for other types.
func Numbers(v G.Value) []float64 {
	if v == nil {
		return nil
	}
	if t, ok := v.(*tensor.Dense); ok {
		if t.DataSize() == 0 && !t.IsScalar() {
			return nil
		}
		if !t.DataOrder().IsRowMajor() || !t.DataOrder().IsContiguous() || !t.Shape().IsScalar() && t.Shape().TotalSize() != t.DataSize() {
			c, err := interpret.Copy(v, v.Shape())
			if err != nil {
				return nil
			}
			v = c
		}
	}
	switch x := v.Data().(type) {
	case float64:
		return []float64{x}
	case float32:
		return []float64{float64(x)}
	case []float64:
		return slices.Clone(x)
	case []float32:
		out := make([]float64, len(x))
		for i, f := range x {
			out[i] = float64(f)
		}
		return out
	}
	return nil
}

func wild(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// alike passes over axes of one: to Gorgonia (N), (N, 1) and (1, N) are the same.
func alike(a, b tensor.Shape) bool {
	drop := func(s tensor.Shape) []int {
		return slices.DeleteFunc(slices.Clone([]int(s)), func(d int) bool { return d == 1 })
	}
	return slices.Equal(drop(a), drop(b))
}
