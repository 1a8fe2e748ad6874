package vm_test

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
)

// TestLongSums: rows of many numbers are added up in float64.
func TestLongSums(t *testing.T) {
	x := array{shape: []int{3, 20000}, values: make([]float64, 60000)}
	for i := range x.values {
		x.values[i] = float64(float32(0.1))
	}
	one := float64(float32(20000 * float64(float32(0.1))))
	for _, c := range []struct {
		along []int
		want  []float64
	}{{[]int{1}, []float64{one, one, one}}, {nil, []float64{float64(float32(60000 * float64(float32(0.1))))}}} {
		e := of(func(x *G.Node) (*G.Node, error) { return G.Sum(x, c.along...) }, x)
		e.flat = true
		if got := results(t, tensor.Float32, e)[0]; !same(got, c.want) {
			t.Errorf("along %v: %v, want %v", c.along, got, c.want)
		}
	}
}

// TestSumsOfNothing: along an axis of one number there is nothing to add.
func TestSumsOfNothing(t *testing.T) {
	for _, c := range []struct {
		shape []int
		along int
	}{{[]int{1, 1}, 0}, {[]int{1, 3}, 0}, {[]int{3, 1}, 1}, {[]int{2, 1, 3}, 1}} {
		x := normal(1, c.shape...)
		e := of(func(x *G.Node) (*G.Node, error) { return G.Sum(x, c.along) }, x)
		e.flat = true
		equal(t, fmt.Sprint("the sum of ", c.shape), results(t, tensor.Float64, e)[0], x.values)
	}
}

// TestSoftmaxOfLargeNumbers: the exponential of none overflows.
func TestSoftmaxOfLargeNumbers(t *testing.T) {
	for axis, want := range [][]float64{{0, 1, 1, 0}, {0, 1, 1, 0}} {
		e := of(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, axis) }, array{[]int{2, 2}, []float64{-3000, 1000, 1000, -3000}})
		e.flat = true
		for dtype := range both {
			equal(t, fmt.Sprint("softmax along ", axis), results(t, dtype, e)[0], want)
		}
	}
}

// TestOperatorsOfOps runs those that random graphs and networks seldom hold, on
// shapes that differ by axis, against the interpreter.
func TestOperatorsOfOps(t *testing.T) {
	nan := math.NaN()
	for dtype, tolerance := range both {
		g := G.NewGraph()
		in := func(name string, shape ...int) *G.Node {
			return bind(t, g, dtype, name, shape, normal(5, shape...).values...)
		}
		holes := bind(t, g, dtype, "holes", []int{1, 1, 3, 5}, 1, 2, nan, 4, 5, nan, 7, 7, 7, 3, 1, 1, nan, 9, 9)
		apply := func(op G.Op, in ...*G.Node) *G.Node { return G.Must(G.ApplyOp(op, in...)) }
		pool := ops.Pool{Size: [2]int{2, 3}, Stride: [2]int{1, 2}}
		square := ops.Pool{Size: [2]int{2, 2}, Stride: [2]int{2, 3}}
		x, b := in("x", 2, 3, 5, 7), in("b", 3)
		pair := in("pair", 2, 3, 1, 2)
		onPair := G.Must(ops.AddBias(pair, b))
		results := G.Nodes{
			apply(ops.SpreadBiasOp{Batch: 4}, b),
			apply(ops.SpreadBiasOp{Batch: 2, Image: [2]int{5, 4}}, b),
			apply(ops.RowSumsOp{}, in("matrix", 4, 3)),
			apply(ops.MaxPoolPickOp{Pool: pool}, x, in("picked", 2, 3, 5, 7)),
			apply(ops.MaxPoolPickOp{Pool: square}, x, x),
			apply(ops.MaxPoolOp{Pool: pool}, x),
			apply(ops.MaxPoolOp{Pool: pool}, holes),
			apply(ops.MaxPoolPickOp{Pool: pool}, holes, in("beside", 1, 1, 3, 5)),
			apply(ops.MaxPoolOp{Pool: ops.Pool{Size: [2]int{3, 2}, Stride: [2]int{1, 1}}}, x),
			onPair,
			gradient(t, G.Must(G.Sum(G.Must(G.Square(onPair)))), b)[0],
		}
		want, err := interpret.Values(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		m := run(t, g, results...)
		for _, n := range results {
			got, right := numbers(m.Value(n)), numbers(want[n])
			for i := range right {
				if d := math.Abs(got[i] - right[i]); !(d <= 10*tolerance*max(1, math.Abs(right[i]))) && !(math.IsNaN(got[i]) && math.IsNaN(right[i])) {
					t.Errorf("%v, %v: number %d is %v, want %v", dtype, n, i, got[i], right[i])
				}
			}
		}
	}
}
