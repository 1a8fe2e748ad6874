package vm_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/interpret/randgraph"
	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// TestZooByTheInterpreter runs machines on the models of package zoo, whose graphs
// hold what random ones seldom do, an unrolled memory for one, and compares nodes
// with the interpreter's: all of them or a few, with any of the passes, and again
// with other numbers in the inputs, in any order of memory. 4 times each, with
// LONG=1 60 times.
func TestZooByTheInterpreter(t *testing.T) {
	rounds := uint64(4)
	switch {
	case os.Getenv("LONG") != "":
		rounds = 60
	case testing.Short():
		rounds = 3
	}
	for _, name := range zoo.Names() {
		t.Run(name, func(t *testing.T) {
			for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
				m, err := zoo.New(name, dtype, zoo.Small)
				if err != nil {
					t.Fatal(err)
				}
				for seed := range rounds {
					if err := rebound(m.Expr, m.Inputs, dtype, seed, 2); err != nil {
						t.Fatalf("%v, seed %d: %v", dtype, seed, err)
					}
				}
			}
		})
	}
}

// rebound compiles a graph for a choice of results, passes and workers, and
// compares a number of runs with the interpreter's.
func rebound(g *G.ExprGraph, inputs G.Nodes, dtype tensor.Dtype, seed uint64, runs int) error {
	r := rand.New(rand.NewPCG(seed, 7))
	want, err := interpret.Values(g, nil)
	if err != nil {
		return err
	}
	var all G.Nodes
	for _, n := range g.AllNodes() {
		if _, known := want[n]; known && n.Op() != nil && n.Dtype() == dtype {
			all = append(all, n)
		}
	}
	cfg := vm.Config{Workers: 1 + r.IntN(4), Results: all, Verify: true}
	if seed%2 == 1 {
		cfg.Results = G.Nodes{all[r.IntN(len(all))], all[r.IntN(len(all))], all[r.IntN(len(all))]}
		cfg.NoOverlap = r.IntN(4) == 0
		cfg.Skip = slices.DeleteFunc(slices.Clone(vm.Passes()), func(string) bool { return r.IntN(3) > 0 })
	}
	m, err := vm.New(g, cfg)
	if err != nil {
		return err
	}
	defer m.Close()
	for run := range runs {
		if run > 0 {
			for _, in := range inputs {
				if err := exchange(in, r); err != nil {
					return err
				}
			}
			if want, err = interpret.Values(g, nil); err != nil {
				return fmt.Errorf("run %d: %w", run+1, err)
			}
		}
		if err := m.RunAll(); err != nil {
			return fmt.Errorf("run %d: %w", run+1, err)
		}
		scales := map[*G.Node]float64{}
		for _, n := range cfg.Results {
			got, right := numbers(m.Value(n)), numbers(want[n])
			if d := far(got, right, scaleOf(g, n, want, scales), randgraph.Options{Dtype: dtype}); d != "" {
				return fmt.Errorf("run %d: %v %v, without %v: %s\n got %.9v\nwant %.9v", run+1, n, n.Shape(), cfg.Skip, d, first(got), first(right))
			}
		}
	}
	return nil
}

// exchange binds an input to a new tensor with its numbers moved on by one, at
// times in column-major order.
func exchange(in *G.Node, r *rand.Rand) error {
	values, shape := numbers(in.Value()), []int(in.Shape())
	if len(values) == 0 {
		return nil
	}
	values = append(values[1:], values[0])
	v, err := valueOf(in.Dtype(), values, shape)
	if err != nil || len(shape) < 2 || r.IntN(2) == 0 {
		if err != nil {
			return err
		}
		return G.Let(in, v)
	}
	return G.Let(in, tensor.New(tensor.WithShape(shape...), tensor.AsFortran(v.Data())))
}
