package ops_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

// Every constructor's errors: one line that names the operator and the shapes.
func TestShapeErrors(t *testing.T) {
	none := [2]int{}
	for _, c := range []struct {
		a, b  []int // shapes of the operands; b nil where there is one
		build func(a, b *G.Node) (*G.Node, error)
		want  string
	}{
		{[]int{1, 1, 4, 4}, []int{2, 1, 5, 4}, conv(once, none), "ops: Conv2D{stride [1 1], pad [0 0]}: images (1, 1, 4, 4), filters (2, 1, 5, 4): window [5 4] is larger than the image [4 4]"},
		{[]int{1, 1, 4, 4}, []int{2, 1, 1, 7}, conv(once, once), "images (1, 1, 4, 4), filters (2, 1, 1, 7): window [1 7] is larger than the image [4 4] with padding [1 1]"},
		{[]int{1, 3, 4, 4}, []int{2, 1, 2, 2}, conv(once, none), "images (1, 3, 4, 4) have 3 channels, filters (2, 1, 2, 2) have 1"},
		{[]int{1, 1, 4, 4}, []int{2, 1, 2, 2}, conv([2]int{1, -1}, none), "stride [1 -1], padding [0 0]: sizes and strides must be positive"},
		{[]int{1, 1, 4, 4}, []int{2, 1, 2, 2}, conv(once, [2]int{-1, 0}), "padding [-1 0]"},
		{[]int{1, 1, 4, 4}, []int{2, 4}, conv(once, none), "operands [(1, 1, 4, 4) (2, 4)]: operand 2 must have 4 axes"},
		{[]int{4, 4}, []int{2, 1, 2, 2}, conv(once, none), "operands [(4, 4) (2, 1, 2, 2)]: operand 1 must have 4 axes"},
		{[]int{1, 0, 4, 4}, []int{2, 0, 2, 2}, conv(once, none), "operand 1 is empty"},
		{[]int{3, 2}, []int{3}, ops.AddBias, "ops: AddBias{2}: x (3, 2) and bias (3): want (B, N)"},
		{[]int{3, 2, 4, 4}, []int{4}, ops.AddBias, "x (3, 2, 4, 4) and bias (4)"},
		{[]int{3, 2, 4}, []int{2}, ops.AddBias, "x (3, 2, 4) and bias (2)"},
		{[]int{3, 2}, []int{2, 2}, ops.AddBias, "operands [(3, 2) (2, 2)]: operand 2 must have 1 axes"},
		{[]int{1, 1, 4, 4}, nil, maxPool([2]int{5, 1}, once), "ops: MaxPool{size [5 1], stride [1 1]}: images (1, 1, 4, 4): window [5 1] is larger"},
		{[]int{1, 1, 4, 4}, nil, maxPool(twice, [2]int{1, 0}), "sizes and strides must be positive"},
		{[]int{1, 1, 4, 4}, nil, maxPool([2]int{2, 0}, once), "sizes and strides must be positive"},
		{[]int{4, 4}, nil, maxPool(twice, once), "operands [(4, 4)]: operand 1 must have 4 axes"},
		{[]int{1, 1, 4, 4}, nil, meanPool([2]int{1, 5}, once), "ops: MeanPool{size [1 5], stride [1 1]}: images (1, 1, 4, 4): window [1 5] is larger"},
		{[]int{2, 3}, []int{2, 4}, ops.SoftmaxCrossEntropy, "ops: SoftmaxCrossEntropy: logits (2, 3) and targets (2, 4) differ"},
		{[]int{3, 1}, []int{3}, ops.SoftmaxCrossEntropy, "operands [(3, 1) (3)]: operand 2 must have 2 axes"},
	} {
		g := G.NewGraph()
		a := G.NewTensor(g, tensor.Float64, len(c.a), G.WithShape(c.a...), G.WithName("a"))
		b := a
		if c.b != nil {
			b = G.NewTensor(g, tensor.Float64, len(c.b), G.WithShape(c.b...), G.WithName("b"))
		}
		if n, err := c.build(a, b); err == nil || !strings.HasPrefix(err.Error(), "ops: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, %v gave %v and the error %q, want %q", c.a, c.b, n, err, c.want)
		}
	}
}

func conv(stride, pad [2]int) func(a, b *G.Node) (*G.Node, error) {
	return func(a, b *G.Node) (*G.Node, error) { return ops.Conv2D(a, b, stride, pad) }
}

func maxPool(size, stride [2]int) func(a, b *G.Node) (*G.Node, error) {
	return func(a, _ *G.Node) (*G.Node, error) { return ops.MaxPool(a, size, stride) }
}

func meanPool(size, stride [2]int) func(a, b *G.Node) (*G.Node, error) {
	return func(a, _ *G.Node) (*G.Node, error) { return ops.MeanPool(a, size, stride) }
}

func TestOperandErrors(t *testing.T) {
	g := G.NewGraph()
	matrix := func(name string, dtype tensor.Dtype) *G.Node {
		return G.NewMatrix(g, dtype, G.WithShape(2, 2), G.WithName(name))
	}
	double, single, whole := matrix("d", tensor.Float64), matrix("s", tensor.Float32), matrix("i", tensor.Int)
	elsewhere := G.NewMatrix(G.NewGraph(), tensor.Float64, G.WithShape(2, 2), G.WithName("e"))
	for _, c := range []struct {
		a, b *G.Node
		want string
	}{
		{nil, double, "operand 1 is nil"},
		{double, nil, "operand 2 is nil"},
		{double, single, "operand 2 is of float32: want all float32 or all float64"},
		{single, double, "operand 2 is of float64: want all float32 or all float64"},
		{whole, whole, "operand 1 is of int: want all float32 or all float64"},
		{double, elsewhere, ""},
	} {
		if _, err := ops.SoftmaxCrossEntropy(c.a, c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v with %v: %v, want %q", c.a, c.b, err, c.want)
		}
		if _, err := ops.AddBias(c.a, c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("bias: %v with %v: %v, want %q", c.a, c.b, err, c.want)
		}
	}
	if n, err := ops.Softmax(double); err != nil || n.Op() != (ops.SoftmaxOp{}) {
		t.Errorf("softmax: %v, %v", n, err)
	}
}

// A gradient that is not of the operator's output is refused.
func TestGradientShapeErrors(t *testing.T) {
	for _, c := range []struct {
		op   operator
		dy   int    // which operand it is
		axes string // of dy that the other operands or the fields decide
	}{
		{every[1], 1, "123"}, // of a convolution's dx: the batch is dy's own
		{every[2], 1, "023"}, // of its dw: the maps are
		{every[8], 1, "0123"},
		{every[10], 0, "23"}, // of a mean: batch and channels are
		{every[12], 1, "01"},
		{every[len(every)-1], 1, "023"}, // of each image's dw
	} {
		for _, axis := range c.axes {
			var sizes []G.DimSizer
			for i, a := range operands(c.op) {
				s := tensor.Shape(a.shape).Clone()
				if i == c.dy {
					s[axis-'0']++
				}
				sizes = append(sizes, s)
			}
			s, err := c.op.InferShape(sizes...)
			if err == nil || !strings.HasPrefix(err.Error(), "ops: "+c.op.String()) {
				t.Errorf("%v: operands %v gave %v and the error %v", c.op, sizes, s, err)
				continue
			}
			for _, size := range sizes[:min(2, len(sizes))] {
				if !strings.Contains(err.Error(), fmt.Sprint(size)) {
					t.Errorf("%v: operands %v: %v", c.op, sizes, err)
				}
			}
		}
	}
	for _, op := range []operator{ops.BiasGradOp{Dims: 3}, ops.AddBiasOp{}, ops.MaxPoolGradOp{}, ops.MaxPoolPickOp{}, ops.Conv2DInputGradOp{}} { // fields not set
		if _, err := op.InferShape(tensor.Shape{1, 1, 2, 2}, tensor.Shape{1, 1, 2, 2}); err == nil {
			t.Errorf("%#v: no error", op)
		}
	}
	if _, err := (ops.BiasGradOp{Dims: 3}).InferShape(tensor.Shape{1, 5, 2}); err == nil || !strings.Contains(err.Error(), "gradient (1, 5, 2): want (B, N)") {
		t.Error(err)
	}
	if _, err := (ops.MaxPoolPickOp{Pool: pool}).InferShape(tensor.Shape{1, 2, 4, 4}, tensor.Shape{1, 2, 4, 5}); err == nil ||
		!strings.Contains(err.Error(), "images (1, 2, 4, 4) and what is picked from, (1, 2, 4, 5), differ") {
		t.Error(err)
	}
	if _, err := (ops.SoftmaxOp{}).InferShape(nil); err == nil || !strings.HasPrefix(err.Error(), "ops: SoftmaxOfRows: ") {
		t.Error(err)
	}
	for _, op := range []operator{ops.SpreadBiasOp{}, ops.SpreadBiasOp{Image: twice}, ops.SpreadBiasOp{Batch: 1, Image: [2]int{0, 1}}} {
		if _, err := op.InferShape(tensor.Shape{3}); err == nil {
			t.Errorf("%#v: no error", op)
		}
	}
}

// fitsAlone tells whether an operator of one operand should take a value: any
// float type of it, and any shape of as many axes, is right unless a field says
// more.
func fitsAlone(op operator, v G.Value) bool {
	if v == nil || v.Dtype() == tensor.Int {
		return false
	}
	want := operands(op)[0].shape
	switch op.(type) {
	case ops.BiasGradOp, ops.SoftmaxOp, ops.RowSumsOp, ops.SpreadBiasOp:
		return len(v.Shape()) == len(want)
	}
	return v.Shape().Eq(tensor.Shape(want))
}

// Gorgonia binds values without a look at their shape: an operator gets them, in
// a goroutine where a panic ends the process.
func TestValuesThatDoNotFitAreErrors(t *testing.T) {
	for _, op := range every {
		good := values(op, tensor.Float64)
		for i := range good {
			for _, bad := range []G.Value{
				nil,
				G.NewI(3),
				zeros(2).dense(tensor.Float64),
				zeros(3, 7).dense(tensor.Float64),
				zeros(1, 1, 1, 1, 1).dense(tensor.Float64),
				tensor.New(tensor.Of(tensor.Int), tensor.WithShape(good[i].Shape()...)),
				operands(op)[i].value(tensor.Float32),
			} {
				in := append([]G.Value(nil), good...)
				in[i] = bad
				if len(in) == 1 && fitsAlone(op, bad) {
					continue
				}
				if v, err := op.Do(in...); err == nil || !strings.HasPrefix(err.Error(), "ops: "+op.String()) {
					t.Errorf("%v with operand %d a %T of %v: %v, %v", op, i+1, bad, bad, v, err)
				} else if bad == nil && !strings.HasSuffix(err.Error(), fmt.Sprintf("operand %d has no value", i+1)) {
					t.Errorf("%v without operand %d: %v", op, i+1, err)
				} else if bad != nil && bad.Shape().Eq(good[i].Shape()) && !strings.Contains(err.Error(), fmt.Sprintf("operand %d", i+1)) && i > 0 {
					t.Errorf("%v with operand %d of another type: %v", op, i+1, err)
				}
			}
		}
		if v, err := op.Do(good[1:]...); err == nil {
			t.Errorf("%v with an operand too few: %v", op, v)
		}
		if v, err := op.Do(append(good, good[0])...); err == nil {
			t.Errorf("%v with an operand too many: %v", op, v)
		}
	}
}

// unshaped has sizes, but is no shape.
type unshaped struct{ G.DimSizer }

// What Gorgonia cannot read as a shape is an error with the operator's name, not
// one about a shape that nobody gave.
func TestOperandsWithoutAShape(t *testing.T) {
	for _, op := range every {
		in := make([]G.DimSizer, op.Arity())
		for i := range in {
			in[i] = unshaped{tensor.Shape{2, 3}}
		}
		if s, err := op.InferShape(in...); err == nil || errors.Unwrap(err) == nil || !strings.HasPrefix(err.Error(), "ops: "+op.String()) {
			t.Errorf("%v: %v, %v", op, s, err)
		}
	}
}
