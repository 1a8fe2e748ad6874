package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/cmd/bench/internal/paper"
	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// compareGraphs times models that are written with stock Gorgonia, a loss and
// its gradients, on Gorgonia's machine and on ours in turns, and prints a row a
// model and float type as soon as it is known.
func (f *flags) compareGraphs(ctx context.Context, stdout io.Writer) error {
	runtime.GOMAXPROCS(f.workers)
	fmt.Fprint(stdout, "| model | type | TapeMachine, µs | vm, µs | ratio | allocations, TapeMachine | vm |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, name := range f.graphs {
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			tape, err := onMachine(name, dtype, func(g *G.ExprGraph, params G.Nodes) (G.VM, error) {
				return G.NewTapeMachine(g, G.BindDualValues(params...)), nil
			})
			if err != nil {
				return err
			}
			own, err := onMachine(name, dtype, func(g *G.ExprGraph, _ G.Nodes) (G.VM, error) {
				return vm.New(g, vm.Config{Workers: f.workers})
			})
			if err != nil {
				return err
			}
			rates, err := f.plan.Turns(ctx, tape.step, own.step)
			if err != nil {
				return fmt.Errorf("%s, %v: %w", name, dtype, err)
			}
			theirs, ours := rates[0].Median, rates[1].Median
			fmt.Fprintf(stdout, "| %s | %v | %s | %s | %s | %d | %d |\n", name, dtype, micro(theirs), micro(ours), paper.Times(ours/theirs), tape.allocations(), own.allocations())
			tape.machine.Close()
			own.machine.Close()
		}
	}
	return nil
}

// onVM is a model that is ready to run.
type onVM struct{ machine G.VM }

func onMachine(name string, dtype tensor.Dtype, machine func(*G.ExprGraph, G.Nodes) (G.VM, error)) (*onVM, error) {
	model, err := zoo.New(name, dtype, zoo.Full)
	if err != nil {
		return nil, err
	}
	m, err := machine(model.Expr, model.Params)
	if err != nil {
		return nil, fmt.Errorf("%s, %v: %w", name, dtype, err)
	}
	return &onVM{m}, nil
}

// step is what a loop of training does besides its solver.
func (m *onVM) step() error {
	if err := m.machine.RunAll(); err != nil {
		return err
	}
	m.machine.Reset()
	return nil
}

// allocations of one step, on average of several, in the quietest of a few turns:
// what else the process does allocates too. A step that has run before does not
// fail.
func (m *onVM) allocations() uint64 {
	const turns, steps = 5, 20
	least := ^uint64(0)
	for range turns {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			if m.step() != nil {
				return 0
			}
		}
		runtime.ReadMemStats(&after)
		least = min(least, (after.Mallocs-before.Mallocs)/steps)
	}
	return least
}

// micro is a step's microseconds from steps a second.
func micro(rate float64) string {
	if us := 1e6 / rate; us < 100 {
		return strconv.FormatFloat(us, 'g', 3, 64)
	}
	return paper.Count(1e6 / rate)
}
