package vm_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/vm"
)

// fusible are networks in which every pass finds something to do.
func fusible() map[string]models.Spec {
	image := func(layers ...models.Layer) models.Spec {
		return models.Sequential([]int{2, 9, 9}, append(layers, models.Flatten{}, models.Dense{Out: 4}, models.ReLU(), models.Dense{Out: 3})...)
	}
	conv, pool, next := models.Conv2D{Maps: 3, Kernel: 2}, models.MaxPool{Size: 2}, models.Conv2D{Maps: 4, Kernel: 2}
	return map[string]models.Spec{
		"relu":             image(conv, models.ReLU(), pool, next, models.ReLU(), pool),
		"sigmoid":          image(conv, models.Sigmoid(), pool, next, models.Sigmoid(), pool),
		"tanh":             image(conv, models.Tanh(), pool, next, models.Tanh(), pool),
		"tanh, pool first": image(conv, pool, models.Tanh(), next, pool, models.Tanh()),
		"bare":             image(conv, pool, next, pool),
		"plain":            image(conv, models.Sigmoid(), next, models.ReLU()),
		"plain, then pool": image(conv, models.Tanh(), next, models.Sigmoid(), pool),
		"dense":            models.Sequential([]int{6}, models.Dense{Out: 5}, models.Sigmoid(), models.Dense{Out: 4}, models.Tanh(), models.Dense{Out: 3}),
	}
}

// values runs a graph twice and gives what the results hold.
func values(t *testing.T, g *G.ExprGraph, results G.Nodes, cfg vm.Config) (out [][]float64) {
	t.Helper()
	cfg.Results = results
	m, err := vm.New(g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for range 2 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range results {
		out = append(out, numbers(m.Value(n)))
	}
	return out
}

// TestAnySubsetOfPasses: the values do not depend on which passes run, nor on
// whether values share memory. Without LONG=1 one pass at a time is left out, and all.
func TestAnySubsetOfPasses(t *testing.T) {
	names := vm.Passes()
	for name, spec := range fusible() {
		for dtype, tolerance := range both {
			s := must(training(network(t, spec, dtype), 3, readings["as in training"])())
			want := values(t, s.expr, s.results, vm.Config{Workers: 1, Skip: names, NoOverlap: true})
			for subset := range 1 << len(names) {
				if os.Getenv("LONG") == "" && subset&(subset-1) != 0 && subset != 1<<len(names)-1 {
					continue
				}
				var skip []string
				for i, pass := range names {
					if subset>>i&1 == 1 {
						skip = append(skip, pass)
					}
				}
				got := values(t, s.expr, s.results, vm.Config{Workers: 1 + subset%3, Skip: skip, Verify: true, NoOverlap: subset%5 == 4})
				for i := range want {
					if d := apart(got[i], want[i], 0); !(d <= tolerance) {
						t.Errorf("%s, %v, without %v: %v is %.3g apart", name, dtype, skip, s.results[i], d)
					}
				}
			}
		}
	}
}

// inner are the nodes of a training graph that are computed.
func inner(g *models.TrainingGraph) (nodes G.Nodes) {
	for _, n := range g.Expr.AllNodes() {
		if n.Op() != nil && n.Dtype() == g.Loss.Dtype() {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// TestAnyNodeAsResult: whatever a pass would like to fuse away may be asked for,
// each node of the graph by itself and all together. In float64, where less is
// fused, all together, but for LONG=1.
func TestAnyNodeAsResult(t *testing.T) {
	for name, spec := range fusible() {
		for dtype, tolerance := range both {
			given := 0
			s := must(training(network(t, spec, dtype), 3, func(g *models.TrainingGraph) G.Nodes {
				given = 1 + len(g.Grads)
				return slices.Concat(readings["as in training"](g), inner(g))
			})())
			want := values(t, s.expr, s.results, vm.Config{Workers: 1, Skip: vm.Passes(), NoOverlap: true})
			compare := func(what string, places ...int) {
				var results G.Nodes
				for _, i := range places {
					results = append(results, s.results[i])
				}
				for k, got := range values(t, s.expr, results, vm.Config{Workers: 2, Verify: true}) {
					if d := apart(got, want[places[k]], 0); !(d <= tolerance) {
						t.Errorf("%s, %v, %s: %v is %.3g apart", name, dtype, what, results[k], d)
					}
				}
			}
			places := make([]int, len(want))
			for i := range places {
				places[i] = i
			}
			compare("all nodes", places...)
			if os.Getenv("LONG") == "" && dtype == tensor.Float64 {
				continue
			}
			for k := given; k < len(want); k++ {
				compare(fmt.Sprint("with ", s.results[k]), append(places[:given:given], k)...)
			}
		}
	}
}

func TestAnUnknownPass(t *testing.T) {
	if _, err := vm.New(G.NewGraph(), vm.Config{Skip: []string{"magic"}}); err == nil || fmt.Sprint(err) == "" {
		t.Errorf("a pass that does not exist was left out: %v", err)
	}
}

// TestNothingRunsThroughGorgonia: the project's own networks are all native.
func TestNothingRunsThroughGorgonia(t *testing.T) {
	for _, spec := range []models.Spec{models.Neuron(3), models.MLP(784, 128, 10), models.Tutorial(), models.LeNet(), models.Small()} {
		for dtype := range both {
			g, err := network(t, spec, dtype).Training(2)
			if err != nil {
				t.Fatal(err)
			}
			m, err := vm.New(g.Expr, vm.Config{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			if e := m.Explain(); e.Count(vm.Gorgonia) != 0 || e.Count(vm.Native) == 0 {
				t.Errorf("%s, %v:\n%v", spec.Name, dtype, e)
			}
		}
	}
}
