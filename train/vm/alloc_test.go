//go:build !race

package vm_test

import (
	"fmt"
	"runtime"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/ops"
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

// Every weight gradient of convolutions adds its own numbers to a machine's memory;
// the partial sums that it is made of serve them all.
func TestPartialSumsAreShared(t *testing.T) {
	const numbers = 64 * 64 * 3 * 3
	for dtype, size := range map[tensor.Dtype]float64{tensor.Float32: 4, tensor.Float64: 8} {
		memory := func(layers int) float64 {
			g := G.NewGraph()
			x := normal(1, 8, 64, 5, 5)
			images := bind(t, g, dtype, "x", x.shape, x.values...)
			var results G.Nodes
			for i := range layers {
				dy := normal(uint64(i), 8, 64, 3, 3)
				results = append(results, G.Must(G.ApplyOp(ops.Conv2DWeightGradOp{Stride: [2]int{1, 1}, Kernel: [2]int{3, 3}}, images, bind(t, g, dtype, fmt.Sprint("dy", i), dy.shape, dy.values...))))
			}
			before := heap()
			m, err := vm.New(g, vm.Config{Results: results, Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			defer runtime.KeepAlive(m)
			return float64(heap()) - float64(before)
		}
		if each := (memory(9) - memory(1)) / 8 / size / numbers; each > 3 {
			t.Errorf("%v: a layer more takes %.1f times its weights", dtype, each)
		}
	}
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
