//go:build !race

package vm_test

import (
	"runtime"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// The race detector allocates, so this file stays out of its way.

func TestARunAllocatesNothing(t *testing.T) {
	for _, c := range []struct {
		spec  models.Spec
		dtype tensor.Dtype
	}{
		{models.Neuron(3), tensor.Float64}, {models.NeuronWithBias(3), tensor.Float64}, {models.TwoLayers(3, 4, 1), tensor.Float64},
		{models.MLP(784, 128, 10), tensor.Float32}, {models.Tutorial(), tensor.Float32}, {models.LeNet(), tensor.Float32},
		{models.LeNet(), tensor.Float64},
	} {
		g, err := network(t, c.spec, c.dtype).Training(3)
		if err != nil {
			t.Fatal(err)
		}
		for _, workers := range []int{1, 2} {
			m, err := vm.New(g.Expr, vm.Config{Workers: workers, Results: append(g.Grads, g.Loss)})
			if err != nil {
				t.Fatal(err)
			}
			if n := testing.AllocsPerRun(5, func() { err = m.RunAll() }); err != nil || n != 0 {
				t.Errorf("%s in %v on %d workers: %v allocations a run, error %v", c.spec.Name, c.dtype, workers, n, err)
			}
			m.Close()
		}
	}
}

// Nor does a run of a graph that is written with stock Gorgonia alone.
func TestZooAllocatesNothing(t *testing.T) {
	for _, name := range zoo.Names() {
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			model, err := zoo.New(name, dtype, zoo.Small)
			if err != nil {
				t.Fatal(err)
			}
			m, err := vm.New(model.Expr, vm.Config{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			if n := testing.AllocsPerRun(5, func() { err = m.RunAll() }); err != nil || n != 0 {
				t.Errorf("%s in %v: %v allocations a run, error %v", name, dtype, n, err)
			}
			if e := m.Explain(); e.Count(vm.Gorgonia) > 0 {
				t.Errorf("%s in %v runs through Gorgonia:\n%v", name, dtype, e)
			}
			m.Close()
		}
	}
}

func TestNothingPilesUpOver100000Steps(t *testing.T) {
	g, err := network(t, models.Neuron(3), tensor.Float64).Training(4)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: 1, Results: append(g.Grads, g.Loss)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := heap()
	for range 100_000 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	if after := heap(); after > before+64<<10 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	runtime.KeepAlive(g)
}
