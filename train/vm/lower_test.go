package vm

import (
	"math/rand/v2"
	"testing"

	"symgrad/models/stock"
)

// TestLoweringOfAnything: whatever the operator, its settings, its operands'
// shapes and its own, it is left to Gorgonia or becomes an operation that fits.
func TestLoweringOfAnything(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 14))
		yes := func() bool { return r.IntN(2) == 0 }
		shape := func() []int {
			s := make([]int, r.IntN(5))
			for i := range s {
				s[i] = 1 + r.IntN(3)
			}
			return s
		}
		two := func(from, to int) [2]int {
			return [2]int{from + r.IntN(to-from+1), from + r.IntN(to-from+1)}
		}
		args := make([]*value, 1+r.IntN(3))
		for i := range args {
			switch r.IntN(4) {
			case 0:
				args[i] = newValue(constant{float64(r.IntN(4))}, nil, nil)
			case 1:
				args[i] = newValue(input{}, args[0].shapeOr(shape()), nil)
			default:
				args[i] = newValue(input{}, shape(), nil)
			}
		}
		result := shape()
		if yes() {
			result = args[r.IntN(len(args))].shape
		}
		axis, trans := r.IntN(6)-1, [2]bool{yes(), yes()}
		cut := stock.Slice{Axis: r.IntN(5), Start: r.IntN(4), End: r.IntN(5), Step: r.IntN(3), All: yes()}
		windows := stock.Im2Col{Window: two(1, 2), Pad: two(0, 1), Stride: two(1, 2), Dilation: two(1, 2)}
		for _, op := range []any{
			stock.Unary{Name: "exp"}, stock.Unary{Name: "unheard of"}, stock.Binary{Name: "+"}, stock.Binary{Name: "unheard of"},
			stock.MatMul{TransA: trans[0], TransB: trans[1]}, stock.MatVec{TransA: trans[0]}, stock.Dot{}, stock.Outer{}, stock.BatchMul{TransA: trans[0], TransB: trans[1]},
			stock.Transpose{Perm: r.Perm(r.IntN(5))}, stock.Reshape{}, stock.Repeat{Axis: axis}, stock.Sum{Axes: []int{max(axis, 0)}},
			stock.Softmax{Axis: axis}, stock.SoftmaxGrad{Axis: axis}, cut, stock.SliceGrad{Slice: cut}, stock.Concat{Axis: max(axis, 0)}, windows, stock.Col2Im{Im2Col: windows},
			stock.MaxPool{Size: windows.Window, Stride: windows.Stride}, stock.MaxPoolGrad{MaxPool: stock.MaxPool{Size: windows.Window, Stride: windows.Stride}},
		} {
			v := lowerStock(op, result, nil, args)
			if v == nil {
				continue
			}
			if err := v.verify(); err != nil {
				t.Fatalf("%#v of %v to %v: %v: %v", op, args, result, v, err)
			}
		}
	}
}

// shapeOr is v's shape, or another where there is no v yet.
func (v *value) shapeOr(other []int) []int {
	if v == nil {
		return other
	}
	return v.shape
}
