package vm_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"

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

// values runs a training graph twice and gives what its results hold.
func values(t *testing.T, net *models.Network, cfg vm.Config, extra func(g *models.TrainingGraph) G.Nodes) ([][]float64, G.Nodes) {
	t.Helper()
	s, err := training(net, 3, func(g *models.TrainingGraph) G.Nodes { return slices.Concat(G.Nodes{g.Loss}, g.Grads, extra(g)) })()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Results = s.results
	m, err := vm.New(s.expr, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var out [][]float64
	for range 2 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range s.results {
		out = append(out, slices.Clone(numbers(m.Value(n))))
	}
	return out, s.results
}

func none(*models.TrainingGraph) G.Nodes { return nil }

// TestAnySubsetOfPasses: the values do not depend on which passes run, nor on
// whether values share memory. Without LONG=1 one pass at a time is left out, and all.
func TestAnySubsetOfPasses(t *testing.T) {
	names := vm.Passes()
	for name, spec := range fusible() {
		for dtype, tolerance := range both {
			net := network(t, spec, dtype)
			want, nodes := values(t, net, vm.Config{Workers: 1, Skip: names, NoOverlap: true}, none)
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
				got, _ := values(t, net, vm.Config{Workers: 1 + subset%3, Skip: skip, Verify: true, NoOverlap: subset%5 == 4}, none)
				for i := range want {
					if d := apart(got[i], want[i], 0); !(d <= tolerance) {
						t.Errorf("%s, %v, without %v: %v is %.3g apart", name, dtype, skip, nodes[i], d)
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
// each node of the graph by itself and all together.
func TestAnyNodeAsResult(t *testing.T) {
	for name, spec := range fusible() {
		for dtype, tolerance := range both {
			net := network(t, spec, dtype)
			want, nodes := values(t, net, vm.Config{Workers: 1, Skip: vm.Passes(), NoOverlap: true}, inner)
			all, _ := values(t, net, vm.Config{Workers: 2, Verify: true}, inner)
			for i := range want {
				if d := apart(all[i], want[i], 0); !(d <= tolerance) {
					t.Errorf("%s, %v, all nodes: %v is %.3g apart", name, dtype, nodes[i], d)
				}
			}
			given := len(net.Params) + 1
			for k := given; k < len(want); k++ {
				one := func(g *models.TrainingGraph) G.Nodes { return inner(g)[k-given : k-given+1] }
				got, _ := values(t, net, vm.Config{Workers: 2, Verify: true}, one)
				for i := range got {
					j := i
					if i == given {
						j = k
					}
					if d := apart(got[i], want[j], 0); !(d <= tolerance) {
						t.Errorf("%s, %v, with %v: %v is %.3g apart", name, dtype, nodes[k], nodes[j], d)
					}
				}
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
