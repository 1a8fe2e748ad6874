package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// The tests of the files issues_*_test.go are named after the numbers of issues in Gorgonia's
// repository: what users reported there, on this package's machine.

// ran compiles a graph as TapeMachine's users do, without a list of results, and
// runs it once.
func ran(t *testing.T, g *G.ExprGraph) *vm.Machine {
	t.Helper()
	m, err := vm.New(g, vm.Config{Workers: 1, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return m
}

func input(t *testing.T, g *G.ExprGraph, name string, shape []int, values ...float64) *G.Node {
	t.Helper()
	n, err := array{shape, values}.node(g, tensor.Float64, name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func near(t *testing.T, what string, got G.Value, want ...float64) {
	t.Helper()
	if d := apart(numbers(got), want, 0); !(d <= 1e-12) {
		t.Errorf("%s: %v, want %v", what, first(numbers(got)), first(want))
	}
}
