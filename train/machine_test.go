package train

import (
	"fmt"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TapeMachine as a Machine: it runs again, on other numbers too, and keeps every
// result that was asked for.
func TestTapeMachine(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := G.NewGraph()
		backing := map[tensor.Dtype]any{tensor.Float32: []float32{1, 2}, tensor.Float64: []float64{1, 2}}[dtype]
		x := G.NewVector(g, dtype, G.WithShape(2), G.WithName("x"), G.WithValue(tensor.New(tensor.WithShape(2), tensor.WithBacking(backing))))
		square := G.Must(G.Square(x))
		cube := G.Must(G.HadamardProd(square, x))
		m, err := TapeMachine()(g, square, cube, square)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			run  func() error
			want string
		}{
			{m.RunAll, "[1  4] [1  8]"},
			{func() error { return m.RunOn(x, []float32{3, 4}) }, "[ 9  16] [27  64]"},
			{func() error { return fill(backing, []float64{5, 6}) }, "[ 9  16] [27  64]"},
			{m.RunAll, "[25  36] [125  216]"},
		} {
			if err := step.run(); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(m.Value(square), m.Value(cube)); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(step.want), " ") {
				t.Errorf("%v: %s, want %s", dtype, got, step.want)
			}
		}
		var pieces []int
		m.Parallel(3, func(worker, piece int) { pieces = append(pieces, worker, piece) })
		if fmt.Sprint(pieces) != "[0 0 0 1 0 2]" {
			t.Errorf("worker and piece %v", pieces)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What TapeMachine panics at is an error.
func TestTapeMachineTakesNotEveryGraph(t *testing.T) {
	m, err := TapeMachine()(nil)
	if err == nil || m != nil || !strings.HasPrefix(err.Error(), "train: TapeMachine does not take the graph: ") {
		t.Errorf("%v, %v", m, err)
	}
}
