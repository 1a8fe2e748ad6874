package vm_test

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestReductions(t *testing.T) {
	table := map[string]expression{}
	for name, op := range map[string]func(x *G.Node, along ...int) (*G.Node, error){"sum": G.Sum, "mean": G.Mean, "max": G.Max} {
		add := func(axes []int, shape ...int) {
			e := of(func(x *G.Node) (*G.Node, error) { return op(x, axes...) }, normal(1, shape...))
			table[fmt.Sprint(name, " of ", shape, " over ", axes)] = e
		}
		add(nil, 6)
		add([]int{0}, 6)
		add(nil, 4, 5)
		add([]int{0}, 4, 5)
		add([]int{1}, 4, 5)
		add([]int{0}, 1, 5)
		add([]int{1}, 1, 5)
		add([]int{0}, 5, 1)
		add([]int{1}, 5, 1)
		add([]int{0}, 70, 90)
		add([]int{1}, 70, 90)
		if name == "max" { // of more axes Gorgonia has no gradient
			continue
		}
		add(nil, 3, 4, 5)
		add([]int{0, 1}, 4, 5)
		add([]int{0}, 3, 4, 5)
		add([]int{1}, 3, 4, 5)
		add([]int{2}, 3, 4, 5)
		add([]int{0, 2}, 3, 4, 5)
		add([]int{1, 2}, 3, 4, 5)
		add([]int{0}, 2, 3, 4, 5)
		add([]int{1}, 2, 3, 4, 5)
		add([]int{3}, 2, 3, 4, 5)
		add([]int{0, 1}, 2, 3, 4, 5)
		add([]int{0, 2, 3}, 2, 3, 4, 5)
	}
	expressions(t, table)
}

// TapeMachine sums axis 2 of 4 wrongly: gorgonia.org/tensor strides only within
// the first axis. Here the sums are written out.
func TestSumOverTheThirdOfFourAxes(t *testing.T) {
	x := normal(1, 2, 3, 4, 5)
	for dtype, tolerance := range both {
		e := of(func(x *G.Node) (*G.Node, error) { return G.Sum(x, 2) }, x)
		e.flat = true
		got := results(t, dtype, e)[0]
		want := make([]float64, 2*3*5)
		for i, v := range x.values {
			want[i/20*5+i%5] += v
		}
		if d := apart(got, want, 0); d > tolerance {
			t.Errorf("%v: %g apart: %v, want %v", dtype, d, got, want)
		}
	}
}

// Nor does Gorgonia look for the largest there.
func TestMaxOverTheThirdOfFourAxes(t *testing.T) {
	for dtype := range both {
		e := of(func(x *G.Node) (*G.Node, error) { return G.Max(x, 2) }, array{[]int{1, 2, 3, 2}, []float64{1, 9, 5, 2, 3, 4, 6, 7, 8, 11, 12, 0}})
		e.flat = true
		equal(t, dtype.String(), results(t, dtype, e)[0], []float64{5, 9, 12, 11})
	}
}

// TapeMachine hands out the wrong numbers of a Reshape that something else
// reads too: its memory is the operand's, which is overwritten before the copy
// is taken. Here the result is compared with the operand.
func TestReshapeAsAResult(t *testing.T) {
	x := normal(1, 4, 6)
	for dtype, tolerance := range both {
		e := of(chain(G.Tanh, G.Ravel), x)
		var want []float64
		for _, v := range x.values {
			want = append(want, math.Tanh(v))
		}
		if got := results(t, dtype, e)[0]; apart(got, want, 0) > tolerance {
			t.Errorf("%v: %v, want %v", dtype, got, want)
		}
	}
}

func TestShapes(t *testing.T) {
	reshape := func(shape ...int) func(*G.Node) (*G.Node, error) {
		return func(x *G.Node) (*G.Node, error) { return G.Reshape(x, tensor.Shape(shape)) }
	}
	transpose := func(axes ...int) func(*G.Node) (*G.Node, error) {
		return func(x *G.Node) (*G.Node, error) { return G.Transpose(x, axes...) }
	}
	slice := func(s ...tensor.Slice) func(*G.Node) (*G.Node, error) {
		return func(x *G.Node) (*G.Node, error) { return G.Slice(x, s...) }
	}
	table := map[string]expression{
		"reshape":                  of(reshape(3, 8), normal(1, 4, 6)),
		"reshape to a vector":      of(reshape(24), normal(1, 4, 6)),
		"reshape there and back":   of(chain(reshape(3, 8), G.Tanh, reshape(4, 6), G.Sin), normal(1, 4, 6)),
		"reshape of a reshape":     of(chain(reshape(2, 12), reshape(3, 8)), normal(1, 4, 6)),
		"ravel":                    of(G.Ravel, normal(1, 4, 6)),
		"transpose":                of(transpose(1, 0), normal(1, 4, 6)),
		"transpose of 3 axes":      of(transpose(2, 0, 1), normal(1, 2, 3, 4)),
		"transpose of 4 axes":      of(transpose(0, 3, 1, 2), normal(1, 2, 3, 4, 5)),
		"transpose, all turned":    of(transpose(2, 1, 0), normal(1, 3, 4, 2)),
		"transpose of rows":        of(transpose(1, 0, 2), normal(1, 2, 3, 4)),
		"transpose of pairs":       of(transpose(1, 0), normal(1, 3, 2)),
		"transpose of a row":       of(transpose(1, 0), normal(1, 1, 5)),
		"transpose of one number":  of(transpose(1, 0), normal(1, 1, 1)),
		"softmax of pairs":         of(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 0) }, normal(1, 3, 2)),
		"transpose twice":          of(chain(transpose(1, 0), G.Tanh, transpose(1, 0)), normal(1, 4, 6)),
		"transpose and reshape":    of(chain(transpose(1, 0), reshape(8, 3)), normal(1, 4, 6)),
		"slice of rows":            of(slice(G.S(1, 3)), normal(1, 4, 6)),
		"slice of columns":         of(slice(nil, G.S(2, 5)), normal(1, 4, 6)),
		"slice of one row":         of(slice(G.S(2)), normal(1, 4, 6)),
		"slice of one column":      of(slice(nil, G.S(3)), normal(1, 4, 6)),
		"slice, then tanh":         of(chain(slice(nil, G.S(2, 5)), G.Tanh), normal(1, 4, 6)),
		"tanh, then slice":         of(chain(G.Tanh, slice(G.S(1, 3), G.S(0, 2))), normal(1, 4, 6)),
		"slice of a vector":        of(slice(G.S(1, 4)), normal(1, 6)),
		"concat of rows":           of2(func(x, y *G.Node) (*G.Node, error) { return G.Concat(0, x, y) }, normal(1, 2, 3), normal(2, 4, 3)),
		"concat of columns":        of2(func(x, y *G.Node) (*G.Node, error) { return G.Concat(1, x, y) }, normal(1, 3, 2), normal(2, 3, 4)),
		"softmax of rows":          of(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) }, normal(1, 4, 6)),
		"softmax of columns":       of(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 0) }, normal(1, 4, 6)),
		"softmax of one row":       of(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) }, normal(1, 1, 6)),
		"log of softmax":           of(func(x *G.Node) (*G.Node, error) { return G.Log(G.Must(G.SoftMax(x, 1))) }, normal(1, 4, 6)),
		"broadcast add of a row":   of2(broadcast(G.BroadcastAdd, nil, []byte{0}), normal(1, 4, 6), normal(2, 1, 6)),
		"broadcast add of a vec":   of2(broadcast(G.BroadcastAdd, nil, []byte{0}), normal(1, 4, 6), normal(2, 6)),
		"broadcast add of 1 row":   of2(broadcast(G.BroadcastAdd, nil, []byte{0}), normal(1, 1, 6), normal(2, 6)),
		"broadcast product left":   of2(broadcast(G.BroadcastHadamardProd, []byte{1}, nil), normal(1, 4, 1), normal(2, 4, 6)),
		"broadcast sub of columns": of2(broadcast(G.BroadcastSub, nil, []byte{1}), normal(1, 4, 6), normal(2, 4, 1)),
		"broadcast quotient":       of2(broadcast(G.BroadcastHadamardDiv, nil, []byte{0}), normal(1, 4, 6), positive(2, 1, 6)),
		"broadcast of maps":        of2(broadcast(G.BroadcastAdd, nil, []byte{0, 2, 3}), normal(1, 2, 3, 4, 5), normal(2, 1, 3, 1, 1)),
	}
	expressions(t, table)
}

// chain is one operator after the other.
func chain(ops ...func(*G.Node) (*G.Node, error)) func(*G.Node) (*G.Node, error) {
	return func(x *G.Node) (_ *G.Node, err error) {
		for _, op := range ops {
			if x, err = op(x); err != nil {
				return nil, err
			}
		}
		return x, nil
	}
}

func broadcast(op func(x, y *G.Node, left, right []byte) (*G.Node, error), left, right []byte) func(x, y *G.Node) (*G.Node, error) {
	return func(x, y *G.Node) (*G.Node, error) { return op(x, y, left, right) }
}
