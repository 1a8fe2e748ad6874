package vm_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/vm"
)

// machine compiles a training graph that is worth sharing among workers.
func machine(t *testing.T, workers int) (*vm.Machine, *models.TrainingGraph) {
	t.Helper()
	g, err := network(t, models.MLP(784, 128, 10), tensor.Float32).Training(64)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: workers, Results: append(g.Grads, g.Loss)})
	if err != nil {
		t.Fatal(err)
	}
	return m, g
}

// working counts the goroutines of all machines. The process has others, such as
// those of earlier tests, that come and go as they please.
func working() int {
	stacks := make([]byte, 1<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "created by symgrad/train/vm.(*workers).start ")
}

// settle waits until no machine has a goroutine; with collect, forgotten
// machines are collected.
func settle(t *testing.T, collect bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for n := working(); n > 0; n = working() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines of machines are left", n)
		}
		if collect {
			runtime.GC()
		}
		time.Sleep(time.Millisecond)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	settle(t, true) // machines that other tests have forgotten
	m, _ := machine(t, 4)
	for range 3 { // it runs again after Close, too
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		if n := working(); n != 3 {
			t.Errorf("%d goroutines while it is open, want 3", n)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		settle(t, false)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

func TestAForgottenMachineLeavesNoGoroutine(t *testing.T) {
	settle(t, true)
	func() {
		m, _ := machine(t, 3)
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		if n := working(); n != 2 {
			t.Errorf("%d goroutines while it is open, want 2", n)
		}
		runtime.KeepAlive(m)
	}()
	settle(t, true)
}

func TestMachinesRunSideBySide(t *testing.T) {
	var wait sync.WaitGroup
	losses := make([]float64, 4)
	for i := range losses {
		m, g := machine(t, 2)
		defer m.Close()
		target := g.Target.Value().Data().([]float32)
		for k := range target {
			target[k] = 0.1
		}
		wait.Go(func() {
			for range 5 {
				if err := m.RunAll(); err != nil {
					t.Error(err)
				}
			}
			losses[i] = numbers(m.Value(g.Loss))[0]
		})
	}
	wait.Wait()
	for _, l := range losses {
		if l != losses[0] || l == 0 {
			t.Errorf("losses %v of equal machines", losses)
		}
	}
}

func TestParallelDoesEveryPieceOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 3} {
		m, _ := machine(t, workers)
		defer m.Close()
		for _, pieces := range []int{0, 1, 2, 7, 100} {
			done := make([]int, pieces)
			m.Parallel(pieces, func(worker, piece int) {
				if worker < 0 || worker >= workers {
					t.Errorf("worker %d of %d", worker, workers)
				}
				done[piece]++
			})
			for piece, n := range done {
				if n != 1 {
					t.Errorf("piece %d of %d was done %d times by %d workers", piece, pieces, n, workers)
				}
			}
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(2, 3), G.WithName("x"))
	y := G.Must(G.Tanh(x))
	m, err := vm.New(g, vm.Config{Results: G.Nodes{y}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err == nil || !strings.Contains(err.Error(), "x") || !strings.Contains(err.Error(), "no value") {
		t.Errorf("an input without value: %v", err)
	}
	if err := G.Let(x, tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil {
		t.Errorf("after the value was given: %v", err)
	}
	if _, err := vm.New(G.NewGraph(), vm.Config{}); err != nil {
		t.Errorf("an empty graph: %v", err)
	}
	if _, err := vm.New(nil, vm.Config{}); err == nil {
		t.Error("a graph that is nil was taken")
	}
}

func TestAnOperatorThatPanics(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{3}, 1, 1, 1)
	var fail func() error
	op := tanhOf(t, 3)
	y, err := G.ApplyOp(answering{op, func(in ...G.Value) (G.Value, error) {
		if err := fail(); err != nil {
			return nil, err
		}
		return op.Do(in...)
	}}, x)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g, vm.Config{Results: G.Nodes{y}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, f := range []func() error{func() error { panic("out of luck") }, func() error { return errors.New("out of luck") }} {
		fail = f
		if err := m.RunAll(); err == nil || !strings.Contains(err.Error(), "out of luck") {
			t.Errorf("a broken operator: %v", err)
		}
		fail = func() error { return nil }
		if err := m.RunAll(); err != nil {
			t.Errorf("after it was mended: %v", err)
		}
	}
}
