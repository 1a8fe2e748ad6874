package vm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/ops"
	"symgrad/models/stock"
	"symgrad/train/vm"
)

// judge builds a random graph and compares every node's value on machines with
// the interpreter's: all nodes as results at once; two of them, without one of
// the passes, and without any subset; the usual results. Each machine runs again
// after the inputs were exchanged for others, in other orders of memory.
func judge(data []byte, opt randgraph.Options) (judged bool, err error) {
	g := randgraph.New(data, opt)
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n%v%x", err, g, data)
		}
	}()
	r := rand.New(rand.NewPCG(uint64(len(data)), uint64(len(g.Expr.AllNodes()))))
	var inputs [2][]G.Value
	var want [2]map[*G.Node]G.Value
	for k := range inputs {
		if k > 0 {
			if err := g.Exchange(data[min(len(data), 7+r.IntN(9)):], opt); err != nil {
				return false, err
			}
		}
		if want[k], err = interpret.Values(g.Expr, nil); err != nil {
			return false, nil // Gorgonia itself does not run it
		}
		for _, in := range g.Inputs {
			inputs[k] = append(inputs[k], in.Value())
		}
	}
	var all G.Nodes
	for _, n := range g.Expr.AllNodes() {
		if _, ok := want[0][n]; ok && n.Op() != nil && n.Dtype() == opt.Dtype {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return false, nil
	}
	two := func() G.Nodes { return G.Nodes{all[r.IntN(len(all))], all[r.IntN(len(all))]} }
	subset := slices.DeleteFunc(vm.Passes(), func(string) bool { return r.IntN(2) == 0 })
	pass := vm.Passes()[r.IntN(len(vm.Passes()))]
	for _, cfg := range []vm.Config{
		{Results: all},
		{Results: two(), Skip: []string{pass}},
		{Results: two(), Skip: subset, NoOverlap: r.IntN(3) == 0},
		{},
	} {
		cfg.Workers, cfg.Verify = 1+r.IntN(4), true
		if err := compare(g, cfg, inputs, want, opt); err != nil {
			return true, fmt.Errorf("without %v, %d workers, %d results: %w", cfg.Skip, cfg.Workers, len(cfg.Results), err)
		}
	}
	return true, judgeModes(g, all, inputs, opt)
}

func compare(g *randgraph.Graph, cfg vm.Config, inputs [2][]G.Value, want [2]map[*G.Node]G.Value, opt randgraph.Options) error {
	m, err := vm.New(g.Expr, cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	for run, k := range []int{0, 1, 1, 0} {
		if err := let(g, inputs[k]); err != nil {
			return err
		}
		if err := m.RunAll(); err != nil {
			return err
		}
		scales, marks := map[*G.Node]float64{}, map[*G.Node]bool{}
		for n, w := range want[k] {
			got := m.Value(n)
			if got == nil || n.Op() == nil || undecided(g.Expr, n, want[k], marks) {
				continue
			}
			if d := far(numbers(got), numbers(w), scaleOf(g.Expr, n, want[k], scales), opt); d != "" && !sensitive(g, n, w, scales[n], opt) {
				return fmt.Errorf("run %d, %v %v: %s\n got %.9v\nwant %.9v", run+1, n, n.Shape(), d, first(numbers(got)), first(numbers(w)))
			}
		}
	}
	if g.Loss != nil && cfg.Results == nil && m.Value(g.Loss) == nil {
		return fmt.Errorf("the loss has no value")
	}
	return nil
}

// undecided tells whether a node depends on a convolution whose definition leaves
// open what it gives: where weights or gradients are infinite or NaN, it depends
// on whether a kernel multiplies the zeros around an image, and the zeros that a
// pool's gradient is full of, or leaves them out. And the rectifier makes NaN of
// -Inf, which a pool that is taken first hides: see TestInfinityBeforeAPool.
func undecided(g *G.ExprGraph, n *G.Node, values map[*G.Node]G.Value, known map[*G.Node]bool) bool {
	if mark, ok := known[n]; ok {
		return mark
	}
	mark, operand := false, 0
	for it := g.From(n.ID()); it.Next(); operand++ {
		child := it.Node().(*G.Node)
		mark = mark || undecided(g, child, values, known)
		switch stock.Decode(n.Op()).(type) {
		case stock.MatMul: // of patches, perhaps
			mark = mark || patched(g) && !finite(numbers(values[child]))
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

// sensitive tells whether a node's value changes as much when every number on the
// way changes by some roundings: a comparison of equals, the maximum of a tie, a
// difference of sums that cancel, the sine of a large number. Nobody's value is
// the right one then.
func sensitive(g *randgraph.Graph, n *G.Node, want G.Value, scale float64, opt randgraph.Options) bool {
	r := rand.New(rand.NewPCG(14, 2))
	for range 16 {
		moved, err := interpret.Shaken(g.Expr, r, shake(opt))
		if err == nil && far(numbers(moved[n]), numbers(want), scale, opt) != "" {
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

func graphOf(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 14))
	data := make([]byte, 40+r.IntN(120))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// TestRandomGraphs judges graphs by the thousand; four thousand with LONG=1.
func TestRandomGraphs(t *testing.T) {
	count := 300
	if os.Getenv("LONG") != "" {
		count = 1000
	}
	for name, opt := range map[string]randgraph.Options{
		"float64":         {Dtype: tensor.Float64},
		"float32":         {Dtype: tensor.Float32},
		"special float64": {Dtype: tensor.Float64, Special: true}, // NaN, Inf, -0 and denormals
		"special float32": {Dtype: tensor.Float32, Special: true},
	} {
		t.Run(name, func(t *testing.T) {
			judged, failures := 0, 0
			for seed := range uint64(count) {
				done, err := judge(graphOf(seed), opt)
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
					if failures++; failures == 5 {
						t.Fatal("and so on")
					}
				}
				if done {
					judged++
				}
			}
			t.Logf("%d of %d graphs judged", judged, count)
			if judged < count/2 {
				t.Errorf("only %d of %d graphs could be judged", judged, count)
			}
		})
	}
}

// FuzzGraphs looks for a graph whose values are wrong.
func FuzzGraphs(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(graphOf(seed), seed%2 == 0, seed%3 == 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, single, special bool) {
		opt := randgraph.Options{Dtype: tensor.Float64, Special: special}
		if single {
			opt.Dtype = tensor.Float32
		}
		if _, err := judge(data, opt); err != nil {
			t.Fatal(err)
		}
	})
}
