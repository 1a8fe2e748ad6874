package vm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/ops"
	"symgrad/models/stock"
)

// judgement is what a graph's values are, and what is known of how they may differ.
type judgement struct {
	values    map[*G.Node]G.Value
	scales    map[*G.Node]float64
	undecided map[*G.Node]bool
	shaken    map[int]map[*G.Node]G.Value // as far as somebody has asked
	loose     map[*G.Node]bool            // the sensitive nodes, likewise
}

func interpreted(g *G.ExprGraph) (j judgement, err error) {
	j.values, err = interpret.Values(g, nil)
	j.scales, j.undecided, j.loose = map[*G.Node]float64{}, map[*G.Node]bool{}, map[*G.Node]bool{}
	j.shaken = map[int]map[*G.Node]G.Value{}
	return j, err
}

// undecided tells whether a node depends on an operator whose definition leaves
// open what it gives. A sum of products that overflow in both directions is NaN or
// infinite by its order, and by whether products are rounded. Where weights or
// gradients are infinite or NaN, a convolution depends on whether a kernel
// multiplies the zeros around an image, and the zeros that a pool's gradient is full
// of, or leaves them out. And the rectifier makes NaN of -Inf, which a pool that is
// taken first hides: see TestInfinityBeforeAPool.
func undecided(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value, known map[*G.Node]bool) bool {
	if mark, ok := known[n]; ok {
		return mark
	}
	mark, operand := overflows(g, n, values), 0
	for it := g.From(n.ID()); it.Next(); operand++ {
		child := it.Node().(*G.Node)
		mark = mark || undecided(g, child, values, known)
		switch stock.Decode(n.Op()).(type) {
		case stock.MatMul: // of patches, perhaps
			mark = mark || !finite(numbers(values[child])) && patched(g)
		case stock.MaxPool, stock.MaxPoolGrad:
			mark = mark || operand == 0 && afterInfinity(g, child, values)
		}
		switch n.Op().(type) {
		case ops.Conv2DOp:
			mark = mark || operand == 1 && !finite(numbers(values[child]))
		case ops.Conv2DInputGradOp, ops.Conv2DWeightGradOp:
			mark = mark || !finite(numbers(values[child]))
		case ops.MaxPoolOp, ops.MaxPoolGradOp:
			mark = mark || afterInfinity(g, child, values)
		}
	}
	known[n] = mark
	return mark
}

// overflows tells whether a sum of products may leave the range of its numbers.
func overflows(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value) bool {
	switch n.Op().(type) {
	case nil:
		return false
	case ops.Conv2DOp, ops.Conv2DInputGradOp, ops.Conv2DWeightGradOp:
	default:
		switch stock.Decode(n.Op()).(type) {
		case stock.MatMul, stock.MatVec, stock.Dot, stock.BatchMul:
		default:
			return false
		}
	}
	sum, terms := 1.0, 0
	for it := g.From(n.ID()); it.Next(); {
		x, largest := numbers(values[it.Node().(*G.Node)]), 0.0
		for _, v := range x {
			if !math.IsInf(v, 0) {
				largest = max(largest, math.Abs(v))
			}
		}
		sum, terms = sum*largest, max(terms, len(x))
	}
	most := math.MaxFloat64
	if n.Dtype() == tensor.Float32 {
		most = math.MaxFloat32
	}
	return sum > most/float64(terms)
}

// patched tells whether a graph has stock convolutions.
func patched(g *G.ExprGraph) bool {
	return slices.ContainsFunc(g.AllNodes(), func(n *G.Node) bool {
		if n.Op() == nil {
			return false
		}
		_, ok := stock.Decode(n.Op()).(stock.Im2Col)
		return ok
	})
}

// afterInfinity tells whether an operand of n is -Inf somewhere.
func afterInfinity(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value) bool {
	for below := g.From(n.ID()); below.Next(); {
		if slices.Contains(numbers(values[below.Node().(*G.Node)]), math.Inf(-1)) {
			return true
		}
	}
	return false
}

func finite(x []float64) bool {
	return !slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// sensitive tells whether a node's value, or something that it is computed from,
// changes as much when every number on the way changes by some roundings: a
// comparison of equals, the maximum of a tie, a difference of sums that cancel, the
// sine of a large number. Nobody's value is the right one then.
func (j judgement) sensitive(g *randgraph.Graph, n *G.Node, opt randgraph.Options) bool {
	if mark, known := j.loose[n]; known {
		return mark
	}
	mark := j.moves(g, n, opt)
	for it := g.Expr.From(n.ID()); it.Next(); {
		mark = mark || j.sensitive(g, it.Node().(*G.Node), opt)
	}
	j.loose[n] = mark
	return mark
}

// moves tells whether a node's value changes when the graph is shaken.
func (j judgement) moves(g *randgraph.Graph, n *G.Node, opt randgraph.Options) bool {
	for i := range 16 {
		moved, known := j.shaken[i]
		if !known {
			moved, _ = interpret.Shaken(g.Expr, rand.New(rand.NewPCG(14, uint64(i))), shake(opt)) // nothing, if it does not run
			j.shaken[i] = moved
		}
		if moved != nil && far(numbers(moved[n]), numbers(j.values[n]), scaleOf(g.Expr, n, j.values, j.scales), opt) != "" {
			return true
		}
	}
	return false
}

// shake is by how much numbers are moved to see what depends on rounding.
func shake(opt randgraph.Options) float64 {
	if opt.Dtype == tensor.Float32 {
		return 1e-6
	}
	return 1e-14
}

// scaleOf is the largest number of a node's value or of what it is computed
// from, also within batch normalisation's gradient: rounding is relative to what
// cancels.
func scaleOf(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value, known map[*G.Node]float64) float64 {
	if s, ok := known[n]; ok {
		return s
	}
	scale := 0.0
	for _, v := range numbers(values[n]) {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			scale = max(scale, math.Abs(v))
		}
	}
	for it := g.From(n.ID()); it.Next(); {
		scale = max(scale, scaleOf(g, it.Node().(*G.Node), values, known))
	}
	scale = max(scale, termsWithin(g, n, values))
	known[n] = scale
	return scale
}

// far says how two values differ by more than rounding; special numbers must be
// of one kind.
func far(got, want []float64, scale float64, opt randgraph.Options) string {
	tolerance := map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 1e-5}[opt.Dtype]
	if len(got) != len(want) {
		return fmt.Sprintf("%d numbers, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		switch {
		case math.IsNaN(w) != math.IsNaN(g), math.IsInf(w, 0) && g != w, math.IsInf(g, 0) && g != w, math.Abs(g-w) > tolerance*scale:
			return fmt.Sprintf("number %d is %v, want %v", i, g, w)
		}
	}
	return ""
}
