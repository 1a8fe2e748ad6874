package vm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/train/vm"
)

// judge builds a random graph and compares every node's value on a machine with
// the interpreter's: all nodes as results at once, then each on its own choice of
// passes, workers and memory, and again after the inputs were exchanged.
func judge(data []byte, opt randgraph.Options) (judged bool, err error) {
	g := randgraph.New(data, opt)
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n%v%x", err, g, data)
		}
	}()
	want, err := interpret.Values(g.Expr, nil)
	if err != nil {
		return false, nil // Gorgonia itself does not run it
	}
	var all G.Nodes
	for _, n := range g.Expr.AllNodes() {
		if _, ok := want[n]; ok && n.Op() != nil && n.Dtype() == opt.Dtype {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return false, nil
	}
	r := rand.New(rand.NewPCG(uint64(len(data)), uint64(len(all))))
	for round := range 4 {
		cfg := vm.Config{Workers: 1 + r.IntN(4), Results: all, Verify: true}
		if round > 0 {
			cfg.Results = G.Nodes{all[r.IntN(len(all))], all[r.IntN(len(all))]}
			cfg.NoOverlap = r.IntN(4) == 0
			for _, pass := range vm.Passes() {
				if r.IntN(3) == 0 {
					cfg.Skip = append(cfg.Skip, pass)
				}
			}
		}
		if round == 3 {
			cfg.Results, cfg.Skip = nil, nil
		}
		if err := compare(g, cfg, want, opt); err != nil {
			return true, err
		}
	}
	return true, nil
}

func compare(g *randgraph.Graph, cfg vm.Config, want map[*G.Node]G.Value, opt randgraph.Options) error {
	m, err := vm.New(g.Expr, cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	for range 2 {
		if err := m.RunAll(); err != nil {
			return err
		}
	}
	scales := map[*G.Node]float64{}
	for n, w := range want {
		got := m.Value(n)
		if got == nil || n.Op() == nil {
			continue
		}
		if d := far(numbers(got), numbers(w), scaleOf(g.Expr, n, want, scales), opt); d != "" {
			return fmt.Errorf("%v %v, without %v: %s\n got %.9v\nwant %.9v", n, n.Shape(), cfg.Skip, d, first(numbers(got)), first(numbers(w)))
		}
	}
	if len(cfg.Results) > 2 && g.Loss != nil {
		if m.Value(g.Loss) == nil {
			return fmt.Errorf("the loss has no value")
		}
	}
	return nil
}

// scaleOf is the largest number of a node's value or of what it is computed
// from: rounding is relative to what cancels.
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
	known[n] = scale
	return scale
}

// far says how two values differ by more than rounding; special numbers must be
// of one kind.
func far(got, want []float64, scale float64, opt randgraph.Options) string {
	tolerance := map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 1e-4}[opt.Dtype]
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

// TestRandomGraphs judges graphs by the thousand.
func TestRandomGraphs(t *testing.T) {
	count := 2000
	if testing.Short() {
		count = 300
	}
	for name, opt := range map[string]randgraph.Options{
		"float64":                    {Dtype: tensor.Float64},
		"float32":                    {Dtype: tensor.Float32},
		"NaN, Inf, -0 and denormals": {Dtype: tensor.Float64, Special: true},
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
	for seed := range uint64(50) {
		f.Add(graphOf(seed), seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, single bool) {
		opt := randgraph.Options{Dtype: tensor.Float64}
		if single {
			opt.Dtype = tensor.Float32
		}
		if _, err := judge(data, opt); err != nil {
			t.Fatal(err)
		}
	})
}
