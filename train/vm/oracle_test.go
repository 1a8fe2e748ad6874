package vm_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret/randgraph"
	"symgrad/train/vm"
)

// judge builds a random graph and compares every node's value on machines with
// the interpreter's: all nodes as results at once; two of them, without one of
// the passes, and without any subset; the usual results. Each machine runs again
// after the inputs were exchanged for others, in other orders of memory, and in the
// end into other memory.
func judge(data []byte, opt randgraph.Options) (judged bool, err error) {
	g := randgraph.New(data, opt)
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n%v%x", err, g, data)
		}
	}()
	r := rand.New(rand.NewPCG(uint64(len(data)), uint64(len(g.Expr.AllNodes()))))
	var inputs [2][]G.Value
	var want [2]judgement
	for k := range inputs {
		if k > 0 {
			if err := g.Exchange(data[min(len(data), 7+r.IntN(9)):], opt); err != nil {
				return false, err
			}
		}
		if want[k], err = interpreted(g.Expr); err != nil {
			return false, nil // Gorgonia itself does not run it
		}
		for _, in := range g.Inputs {
			inputs[k] = append(inputs[k], in.Value())
		}
	}
	var all G.Nodes
	for _, n := range g.Expr.AllNodes() {
		if _, ok := want[0].values[n]; ok && n.Op() != nil && n.Dtype() == opt.Dtype {
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

func compare(g *randgraph.Graph, cfg vm.Config, inputs [2][]G.Value, want [2]judgement, opt randgraph.Options) error {
	m, err := vm.New(g.Expr, cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	placed := map[*G.Node]G.Value{}
	for run, k := range []int{0, 1, 1, 0} {
		if err := let(g, inputs[k]); err != nil {
			return err
		}
		for n := range want[k].values {
			if run == 3 {
				placed[n] = place(m, n)
			}
		}
		if err := m.RunAll(); err != nil {
			return err
		}
		j := want[k]
		for n, w := range j.values {
			got := m.Value(n)
			if placed[n] != nil {
				got = placed[n]
			}
			if got == nil || n.Op() == nil || undecided(g.Expr, n, j.values, j.undecided) {
				continue
			}
			if d := far(numbers(got), numbers(w), scaleOf(g.Expr, n, j.values, j.scales), opt); d != "" && !j.sensitive(g, n, opt) {
				return fmt.Errorf("run %d, %v %v: %s\n got %.9v\nwant %.9v", run+1, n, n.Shape(), d, first(numbers(got)), first(numbers(w)))
			}
		}
	}
	if g.Loss != nil && cfg.Results == nil && m.Value(g.Loss) == nil {
		return fmt.Errorf("the loss has no value")
	}
	return nil
}

// place has a result written to memory that holds the last run's numbers; nil if it
// is not to be placed.
func place(m *vm.Machine, n *G.Node) G.Value {
	if v, ok := m.Value(n).(*tensor.Dense); ok && n.Op() != nil {
		if to := v.Clone().(*tensor.Dense); m.Place(n, to.Data(), false) {
			return to
		}
	}
	return nil
}

func graphOf(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 14))
	data := make([]byte, 40+r.IntN(120))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// TestRandomGraphs judges graphs: 400, with LONG=1 four thousand.
func TestRandomGraphs(t *testing.T) {
	count := 100
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
	for seed := range uint64(30) {
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
