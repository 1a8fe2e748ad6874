package vm_test

import (
	"fmt"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// answering is a stock operator that answers as it is told.
type answering struct {
	G.Op
	answer func(in ...G.Value) (G.Value, error)
}

func (a answering) Do(in ...G.Value) (G.Value, error) { return a.answer(in...) }

// tanhOf is the operator of an expression in a graph of its own, since equal nodes
// of one graph are merged.
func tanhOf(t *testing.T, length int) G.Op {
	t.Helper()
	return G.Must(G.Tanh(bind(t, G.NewGraph(), tensor.Float64, "x", []int{length}, make([]float64, length)...))).Op()
}

// TestAnswersOfAnOperator: an operator that the compiler does not know runs once a
// run, on the same tensors; its answer is checked.
func TestAnswersOfAnOperator(t *testing.T) {
	for _, length := range []int{1, 3} {
		g := G.NewGraph()
		x := bind(t, g, tensor.Float64, "x", []int{length}, 1, 2, 3)
		var answer func(in []G.Value) G.Value
		y, err := G.ApplyOp(answering{tanhOf(t, length), func(in ...G.Value) (G.Value, error) { return answer(in), nil }}, G.Must(G.Neg(x)))
		if err != nil {
			t.Fatal(err)
		}
		m, err := vm.New(g, vm.Config{Results: G.Nodes{y}})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		var seen []G.Value
		answer = func(in []G.Value) G.Value { seen = append(seen, in[0]); return in[0] }
		for range 2 {
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			equal(t, "the operand", numbers(m.Value(y)), []float64{-1, -2, -3}[:length])
		}
		if len(seen) != 2 || seen[0] != seen[1] {
			t.Errorf("in two runs the operator was asked about %v", seen)
		}
		for want, v := range map[string]G.Value{
			"gave no value":                       nil,
			"want float64":                        tensor.New(tensor.WithBacking([]float32{1, 2, 3}[:length])),
			"gave 4 numbers":                      tensor.New(tensor.WithBacking([]float64{1, 2, 3, 4})),
			"numbers, want " + fmt.Sprint(length): tensor.New(tensor.WithBacking([]float64{1, 2})),
		} {
			answer = func([]G.Value) G.Value { return v }
			if err := m.RunAll(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %s", v, err, want)
			}
		}
	}
}

// TestAnOperandOfAnotherType reaches an operator of Gorgonia's as it is.
func TestAnOperandOfAnotherType(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{3}, 10, 11, 12)
	indices := tensor.New(tensor.WithBacking([]int{2, 0}))
	lookUp := func(g *G.ExprGraph, x *G.Node) *G.Node {
		return G.Must(G.ByIndices(x, G.NewVector(g, tensor.Int, G.WithShape(2), G.WithName("indices"), G.WithValue(indices)), 0))
	}
	g2 := G.NewGraph()
	op := lookUp(g2, bind(t, g2, tensor.Float64, "x", []int{3}, 10, 11, 12)).Op()
	in := G.NewVector(g, tensor.Int, G.WithShape(2), G.WithName("indices"), G.WithValue(indices))
	y := G.Must(G.ApplyOp(answering{op, op.Do}, x, in))
	equal(t, "rows by indices", numbers(run(t, g, y).Value(y)), []float64{12, 10})
}
