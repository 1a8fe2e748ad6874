package vm_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// solvers are Gorgonia's own.
var solvers = map[string]func() G.Solver{
	"vanilla":  func() G.Solver { return G.NewVanillaSolver(G.WithLearnRate(0.05)) },
	"momentum": func() G.Solver { return G.NewMomentum(G.WithLearnRate(0.02)) },
	"adam":     func() G.Solver { return G.NewAdamSolver(G.WithLearnRate(0.01), G.WithEps(1e-3)) }, // a gradient that is 0 but for rounding must not count
	"rmsprop":  func() G.Solver { return G.NewRMSPropSolver(G.WithLearnRate(0.003)) },
}

// TestOneLineChanged trains every model of package zoo, which are written as
// Gorgonia's own examples are, with stock solvers. Between the two runs one line
// differs: which machine is made. Losses after every step and all parameters at
// the end must agree. Without LONG=1 float32 has one solver.
func TestOneLineChanged(t *testing.T) {
	for _, name := range zoo.Names() {
		for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-10, tensor.Float32: 1e-3} {
			for which, solver := range solvers {
				if os.Getenv("LONG") == "" && dtype == tensor.Float32 && which != "adam" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%v/%s", name, dtype, which), func(t *testing.T) {
					want := trained(t, name, dtype, solver(), func(g *G.ExprGraph, params G.Nodes) (G.VM, error) {
						return G.NewTapeMachine(g, G.BindDualValues(params...)), nil
					})
					got := trained(t, name, dtype, solver(), func(g *G.ExprGraph, _ G.Nodes) (G.VM, error) {
						return vm.New(g, vm.Config{})
					})
					for i := range want {
						if !(apart(got[i], want[i], 0) <= tolerance) {
							t.Errorf("row %d: %v, want %v", i, first(got[i]), first(want[i]))
						}
					}
				})
			}
		}
	}
}

// trained runs six steps as a user of Gorgonia writes them: new examples by Let,
// RunAll, the loss by Read, the solver on NodesToValueGrads, Reset. The first row
// of the result is the losses, the others are the parameters.
func trained(t *testing.T, name string, dtype tensor.Dtype, solver G.Solver, machine func(*G.ExprGraph, G.Nodes) (G.VM, error)) [][]float64 {
	t.Helper()
	model, err := zoo.New(name, dtype, zoo.Small)
	if err != nil {
		t.Fatal(err)
	}
	var loss G.Value
	G.Read(model.Loss, &loss)
	m, err := machine(model.Expr, model.Params)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	rows := [][]float64{nil}
	for step := range 6 {
		for _, in := range model.Inputs {
			if err := G.Let(in, rolled(t, in, step)); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		rows[0] = append(rows[0], numbers(loss)...)
		if len(rows[0]) != step+1 {
			t.Fatalf("after step %d the loss that is read is %v", step+1, loss)
		}
		if err := solver.Step(G.NodesToValueGrads(model.Params)); err != nil {
			t.Fatal(err)
		}
		m.Reset()
	}
	for _, p := range model.Params {
		rows = append(rows, numbers(p.Value()))
	}
	if slices.ContainsFunc(rows[0], math.IsNaN) {
		t.Fatalf("losses %v", rows[0])
	}
	return rows
}

// rolled is an input's value with its rows moved down by one, in new memory.
func rolled(t *testing.T, in *G.Node, step int) G.Value {
	values := numbers(in.Value())
	if step > 0 && len(values) > 0 {
		row := len(values) / max(in.Shape()[0], 1)
		values = append(values[row:], values[:row]...)
	}
	v, err := valueOf(in.Dtype(), values, in.Shape())
	if err != nil {
		t.Fatal(err)
	}
	return v
}
