package vm_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
	"symgrad/train/vm"
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

// normalised is x to mean 0 and variance 1 by channel, and the gradient of its
// sum, weighted at random.
func normalised(t *testing.T, g *G.ExprGraph, dtype tensor.Dtype, epsilon float64, x array) (y, dx *G.Node) {
	t.Helper()
	row := make([]int, len(x.shape))
	ones := make([]float64, x.shape[1])
	for i := range row {
		row[i] = 1
	}
	row[1] = len(ones)
	shift := bind(t, g, dtype, "shift", row, ones...)
	for i := range ones {
		ones[i] = 1
	}
	in := bind(t, g, dtype, "x", x.shape, x.values...)
	y, _, _, _, err := G.BatchNorm(in, bind(t, g, dtype, "scale", row, ones...), shift, 0.5, epsilon)
	if err != nil {
		t.Fatal(err)
	}
	dy := bind(t, g, dtype, "dy", x.shape, normal(2, x.shape...).values...)
	return y, gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(y, dy)))), in)[0]
}

// TestNormalisationOfManyChannels is that of each by itself, in however many
// pieces they are.
func TestNormalisationOfManyChannels(t *testing.T) {
	for dtype, tolerance := range both {
		for _, shape := range [][]int{{300, 40}, {5, 40, 8, 8}} {
			g := G.NewGraph()
			y, dx := normalised(t, g, dtype, 1e-3, normal(1, shape...))
			want, err := interpret.Values(g, nil)
			if err != nil {
				t.Fatal(err)
			}
			m := run(t, g, y, dx)
			for what, n := range map[string]*G.Node{"normalised": y, "gradient": dx} {
				if d := apart(numbers(m.Value(n)), numbers(want[n]), 0); !(d <= 10*tolerance) {
					t.Errorf("%v of %v, %s: %g apart", dtype, shape, what, d)
				}
			}
		}
	}
}

// TestNormalisationOfNearlyEqualNumbers: two neighbours in float32, between which
// there is no room for a mean, are -1 and 1.
func TestNormalisationOfNearlyEqualNumbers(t *testing.T) {
	for _, shape := range [][]int{{4, 1}, {2, 1, 1, 2}} {
		g := G.NewGraph()
		y, _ := normalised(t, g, tensor.Float32, 1e-30, array{shape, []float64{1, 1 + 0x1p-23, 1, 1 + 0x1p-23}})
		equal(t, fmt.Sprint(shape), numbers(run(t, g, y).Value(y)), []float64{-1, 1, -1, 1})
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

// answering is a stock operator that answers as it is told.
type answering struct {
	G.Op
	answer func(in []G.Value) G.Value
}

func (a answering) Do(in ...G.Value) (G.Value, error) { return a.answer(in), nil }

// TestAnswersOfAnOperator: an operator that the compiler does not know runs once a
// run, on the same tensors; its answer is checked.
func TestAnswersOfAnOperator(t *testing.T) {
	for _, length := range []int{1, 3} {
		g := G.NewGraph()
		x := bind(t, g, tensor.Float64, "x", []int{length}, 1, 2, 3)
		var answer func(in []G.Value) G.Value
		other := bind(t, G.NewGraph(), tensor.Float64, "x", []int{length}, 1, 2, 3)
		y, err := G.ApplyOp(answering{G.Must(G.Tanh(other)).Op(), func(in []G.Value) G.Value { return answer(in) }}, G.Must(G.Neg(x)))
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
	y := G.Must(G.ApplyOp(answering{op, func(in []G.Value) G.Value {
		v, err := op.Do(in...)
		if err != nil {
			t.Error(err)
		}
		return v
	}}, x, in))
	equal(t, "rows by indices", numbers(run(t, g, y).Value(y)), []float64{12, 10})
}
