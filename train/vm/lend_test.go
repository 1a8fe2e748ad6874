package vm_test

import (
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// lentGraph is y = x w + x in one of the float types, x being (2, 2).
func lentGraph(t *testing.T, of tensor.Dtype) (m *vm.Machine, x, y *G.Node) {
	t.Helper()
	g := G.NewGraph()
	matrix := func(name string, v ...float64) *G.Node {
		backing := any(v)
		if of == tensor.Float32 {
			narrow := make([]float32, len(v))
			for i := range v {
				narrow[i] = float32(v[i])
			}
			backing = narrow
		}
		return G.NewMatrix(g, of, G.WithName(name), G.WithShape(2, 2), G.WithValue(tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(backing))))
	}
	x = matrix("x", 1, 2, 3, 4)
	y = G.Must(G.Add(G.Must(G.Mul(x, matrix("w", 1, 10, 100, 1000))), x))
	m, err := vm.New(g, vm.Config{Workers: 1, Results: []*G.Node{y}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, x, y
}

func TestRunOnReadsTheCallersNumbers(t *testing.T) {
	for _, of := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m, x, y := lentGraph(t, of)
		check := func(what string, want ...float64) {
			t.Helper()
			for i, w := range want {
				got, _ := m.Value(y).(*tensor.Dense).At(i/2, i%2)
				if narrow, ok := got.(float32); ok {
					got = float64(narrow)
				}
				if got != w {
					t.Errorf("%v, %s: element %d is %v, want %v", of, what, i, got, w)
				}
			}
		}
		lent := []float32{5, 6, 7, 8}
		if err := m.RunOn(x, lent); err != nil {
			t.Fatal(err)
		}
		check("lent", 610, 6056, 814, 8078)
		lent[0] = 0
		if err := m.RunOn(x, lent); err != nil {
			t.Fatal(err)
		}
		check("lent again", 600, 6006, 814, 8078)
		if of == tensor.Float32 { // the result's own memory, which the run overwrites
			if err := m.RunOn(x, m.Value(y).Data().([]float32)); err != nil {
				t.Fatal(err)
			}
			check("the result itself", 601800, 6018006, 809428, 8094218)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		check("its own value", 202, 2012, 406, 4034)
		if n := testing.AllocsPerRun(5, func() { _ = m.RunOn(x, lent) }); n != 0 {
			t.Errorf("%v: %v allocations a run", of, n)
		}
	}
}

func TestRunOnRefuses(t *testing.T) {
	m, x, y := lentGraph(t, tensor.Float32)
	for _, c := range []struct {
		node *G.Node
		n    int
		want string
	}{{x, 3, "is given 3 numbers, want 4"}, {x, 5, "is given 5 numbers, want 4"}, {y, 4, "is no input of the results"}} {
		if err := m.RunOn(c.node, make([]float32, c.n)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d numbers for %v: %v, want an error with %q", c.n, c.node, err, c.want)
		}
	}
}
