package vm

import (
	"reflect"
	"testing"

	"symgrad/models/stock"
)

// TestLoweringOfStockOperators: which operation an operator of Gorgonia's becomes
// for which shapes; nil where Gorgonia computes it.
func TestLoweringOfStockOperators(t *testing.T) {
	some := func(shapes ...[]int) (args []*value) {
		for _, s := range shapes {
			args = append(args, newValue(input{}, s, nil))
		}
		return args
	}
	times := func(x []int, n float64) []*value { return append(some(x), newValue(constant{n}, nil, nil)) }
	plain := product{act: opCopy, batch: 1}
	sized := func(p product, m, k, n int) product { p.m, p.k, p.n = m, k, n; return p }
	turned := product{act: opCopy, batch: 1, transA: true, transB: true}
	of := func(outer, axis, inner, from, step, length int) cut {
		return cut{outer, axis, inner, from, step, length}
	}
	type dims = []int
	for _, c := range []struct {
		op    any
		args  []*value
		shape []int
		want  operation
	}{
		{stock.Unary{Name: "tanh"}, some(dims{2, 3}), dims{2, 3}, unary{opTanh}},
		{stock.Unary{Name: "unheard of"}, some(dims{2, 3}), dims{2, 3}, nil},
		{stock.Binary{Name: "+"}, some(dims{2, 3}, dims{2, 3}), dims{2, 3}, binary{opAdd}},
		{stock.Binary{Name: "+"}, some(dims{2, 3}, dims{2}), dims{2, 3}, nil},
		{stock.Binary{Name: "unheard of"}, some(dims{2, 3}, dims{2, 3}), dims{2, 3}, nil},

		{stock.MatMul{}, some(dims{2, 3}, dims{3, 4}), dims{2, 4}, sized(plain, 2, 3, 4)},
		{stock.MatMul{TransA: true, TransB: true}, some(dims{3, 2}, dims{4, 3}), dims{2, 4}, sized(turned, 2, 3, 4)},
		{stock.MatMul{}, some(dims{2, 3}, dims{4, 3}), dims{2, 3}, nil},
		{stock.MatVec{}, some(dims{2, 3}, dims{3}), dims{2}, sized(plain, 2, 3, 1)},
		{stock.Dot{}, some(dims{3}, dims{3}), dims{}, sized(plain, 1, 3, 1)},
		{stock.Dot{}, some(dims{3}, dims{4}), dims{}, nil},
		{stock.Outer{}, some(dims{2}, dims{3}), dims{2, 3}, sized(plain, 2, 1, 3)},
		{stock.BatchMul{}, some(dims{5, 2, 3}, dims{5, 3, 4}), dims{5, 2, 4}, sized(product{act: opCopy, batch: 5}, 2, 3, 4)},
		{stock.BatchMul{TransA: true, TransB: true}, some(dims{3, 2}, dims{4, 3}), dims{2, 4}, sized(turned, 2, 3, 4)},
		{stock.BatchMul{}, some(dims{5, 2, 3}, dims{6, 3, 4}), dims{5, 2, 4}, nil},
		{stock.BatchMul{}, some(dims{2}, dims{2}), dims{}, nil},
		{stock.BatchMul{}, some(dims{5, 2, 3}, dims{2}), dims{5, 2}, nil},

		{stock.Size{Axis: 1, N: 3}, some(dims{2, 3}), dims{}, constant{3}},
		{stock.Size{Axis: 1}, some(dims{2, 3}), dims{}, nil},
		{stock.Repeat{Axis: 1}, times(dims{2, 3}, 4), dims{2, 12}, repeat{outer: 2, axis: 3, inner: 1, times: 4}},
		{stock.Repeat{Axis: 0}, times(dims{2, 3}, 4), dims{8, 3}, repeat{outer: 1, axis: 2, inner: 3, times: 4}},
		{stock.Repeat{Axis: 0}, times(dims{}, 4), dims{4}, broadcast{}},
		{stock.Repeat{Axis: 1}, times(dims{1, 1}, 4), dims{1, 4}, broadcast{}},
		{stock.Repeat{Axis: 1}, times(dims{3}, 2), dims{3, 2}, nil},
		{stock.Repeat{Axis: 0}, times(dims{3}, 2), dims{5}, nil},
		{stock.Repeat{Axis: 0}, some(dims{3}, dims{}), dims{6}, nil},
		{stock.Repeat{Axis: 0}, some(dims{3}), dims{6}, nil},

		{stock.Softmax{Axis: 0}, some(dims{2, 3}), dims{2, 3}, softmax{axis: 0}},
		{stock.Softmax{Axis: -1, Log: true}, some(dims{3, 2}), dims{3, 2}, softmax{axis: 1, log: true}},
		{stock.Softmax{Axis: -1}, some(dims{2, 3, 4}), dims{2, 3, 4}, softmax{axis: 2}},
		{stock.Softmax{Axis: -1}, some(dims{3}), dims{3}, softmax{axis: 0}},
		{stock.Softmax{Axis: -1}, some(dims{1}), dims{1}, softmax{axis: 0}},
		{stock.Softmax{Axis: -1}, some(dims{3, 1}), dims{3, 1}, nil},
		{stock.Softmax{Axis: 1}, some(dims{3, 1}), dims{3, 1}, softmax{axis: 1}},
		{stock.Softmax{Axis: 2}, some(dims{2, 3}), dims{2, 3}, nil},
		{stock.Softmax{Axis: -1}, some(dims{}), dims{}, nil},
		{stock.SoftmaxGrad{Axis: -1}, some(dims{2, 3}, dims{2, 3}, dims{2, 3}), dims{2, 3}, softmaxGrad{axis: 1}},
		{stock.SoftmaxGrad{Axis: -1}, some(dims{3, 1}, dims{3, 1}, dims{3, 1}), dims{3, 1}, nil},

		{stock.Slice{Axis: 1, Start: 1, End: 3, Step: 1}, some(dims{2, 5}), dims{2, 2}, of(2, 5, 1, 1, 1, 2)},
		{stock.Slice{Axis: 1, Start: 0, End: 5, Step: 2}, some(dims{2, 5}), dims{2, 3}, of(2, 5, 1, 0, 2, 3)},
		{stock.Slice{Axis: 0, Start: 1, End: 2}, some(dims{2, 5}), dims{5}, of(1, 2, 5, 1, 1, 1)},
		{stock.Slice{Axis: 1, All: true}, some(dims{2, 5}), dims{2, 5}, of(2, 5, 1, 0, 1, 5)},
		{stock.Slice{Axis: 2, Start: 0, End: 1}, some(dims{2, 5}), dims{2, 5}, nil},
		{stock.Slice{Axis: 0, Start: 1, End: 1, Step: 1}, some(dims{2, 5}), dims{5}, nil},
		{stock.Slice{Axis: 0, Start: 1, End: 3, Step: 1}, some(dims{2, 5}), dims{2, 5}, nil},
		{stock.SliceGrad{Slice: stock.Slice{Axis: 1, Start: 1, End: 3, Step: 1}}, some(dims{2, 5}, dims{2, 2}), dims{2, 5}, uncut{of(2, 5, 1, 1, 1, 2)}},
		{stock.SliceGrad{Slice: stock.Slice{Axis: 2, Start: 0, End: 1}}, some(dims{2, 5}, dims{2, 5}), dims{2, 5}, nil},
		{stock.SliceGrad{Slice: stock.Slice{Axis: 0, Start: 0, End: 1}}, some(dims{2, 5}), dims{2, 5}, nil},

		{stock.Concat{Axis: 1}, some(dims{2, 3}, dims{2, 1}), dims{2, 4}, concat{2, 1}},
		{stock.Concat{Axis: 1}, some(dims{2}, dims{2}), dims{4}, nil},
		{stock.DropoutGrad{}, some(dims{4}, dims{4}, dims{4}), dims{4}, nil},
	} {
		v := lowerStock(c.op, c.shape, nil, c.args)
		switch {
		case v == nil && c.want != nil:
			t.Errorf("%#v of %v to %v is left to Gorgonia", c.op, c.args, c.shape)
		case v != nil && !reflect.DeepEqual(v.op, c.want):
			t.Errorf("%#v of %v to %v: %#v, want %#v", c.op, c.args, c.shape, v.op, c.want)
		}
	}
}
