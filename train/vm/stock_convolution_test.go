package vm_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// TestStockConvolutions: in float32 Gorgonia's Conv2d, with its gradients, runs by
// the kernels for convolutions, rectifier and max-pool included, but for what is
// asked for in between.
func TestStockConvolutions(t *testing.T) {
	for _, name := range []string{"convnet", "residual block", "conv1d"} {
		model, err := zoo.New(name, tensor.Float32, zoo.Small)
		if err != nil {
			t.Fatal(err)
		}
		program := func(skip ...string) string {
			m, err := vm.New(model.Expr, vm.Config{Skip: skip, Verify: true})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			return m.Explain().String()
		}
		if e := program(); strings.Contains(e, "patch") || !strings.Contains(e, "weightGrad(") {
			t.Errorf("%s:\n%s", name, e)
		}
		if e := program("patches"); strings.Contains(e, "weightGrad(") {
			t.Errorf("%s without the pass:\n%s", name, e)
		}
	}
}

// TestPatchesAsAResult: a convolution whose patches are asked for stays a product
// of them.
func TestPatchesAsAResult(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float32, "x", []int{1, 1, 2, 3}, 1, 2, 3, 4, 5, 6)
	w := bind(t, g, tensor.Float32, "w", []int{1, 1, 2, 2}, 1, 10, 100, 1000)
	y := G.Must(G.Conv2d(x, w, tensor.Shape{2, 2}, []int{0, 0}, []int{1, 1}, []int{1, 1}))
	var patches *G.Node
	for _, n := range g.AllNodes() {
		if n.Op() != nil && strings.HasPrefix(n.Op().String(), "im2col") {
			patches = n
		}
	}
	m := run(t, g, y, patches)
	equal(t, "patches", numbers(m.Value(patches)), []float64{1, 2, 4, 5, 2, 3, 5, 6})
	equal(t, "maps", numbers(m.Value(y)), []float64{5421, 6532})
	if e := m.Explain().String(); !strings.Contains(e, "patches(2x2)") {
		t.Errorf("no patches:\n%s", e)
	}
}

// TestInfiniteWeights: inside the image they give what IEEE 754 says; beside the
// padding it is open whether its zeros are multiplied, which makes NaN, or left
// out.
func TestInfiniteWeights(t *testing.T) {
	for _, skip := range [][]string{nil, {"patches"}} {
		g := G.NewGraph()
		x := bind(t, g, tensor.Float32, "x", []int{1, 1, 1, 4}, 1, 2, 0, 4)
		w := bind(t, g, tensor.Float32, "w", []int{1, 1, 1, 3}, 1, 1, math.Inf(1))
		y := G.Must(G.Conv2d(x, w, tensor.Shape{1, 3}, []int{0, 1}, []int{1, 1}, []int{1, 1}))
		m, err := vm.New(g, vm.Config{Results: G.Nodes{y}, Skip: skip, Verify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		got := numbers(m.Value(y))
		if !math.IsInf(got[0], 1) || !math.IsNaN(got[1]) || !math.IsInf(got[2], 1) || got[3] != 4 && !math.IsNaN(got[3]) {
			t.Errorf("without %v: %v", skip, got)
		}
	}
}
