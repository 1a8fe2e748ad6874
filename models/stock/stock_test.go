package stock_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// TestDecode builds each of Gorgonia's operators by its public function and
// compares what is read off it with what was asked for.
func TestDecode(t *testing.T) {
	g := G.NewGraph()
	in := func(name string, shape ...int) *G.Node {
		return G.NewTensor(g, tensor.Float64, len(shape), G.WithShape(shape...), G.WithName(name), G.WithInit(G.Ones()))
	}
	a, b, v, w, cube := in("a", 2, 3), in("b", 3, 4), in("v", 3), in("w", 2), in("cube", 2, 3, 4)
	square, images := in("square", 3, 3), in("images", 2, 3, 4, 5)
	grad := func(y *G.Node, x *G.Node) *G.Node {
		d, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(y)))), x)
		if err != nil {
			t.Fatal(err)
		}
		return d[0]
	}
	indices := G.NewVector(g, tensor.Int, G.WithShape(2), G.WithName("indices"), G.WithValue(tensor.New(tensor.WithShape(2), tensor.WithBacking([]int{0, 1}))))
	sliced := G.Must(G.Slice(cube, nil, G.S(1, 3)))
	soft := G.Must(G.SoftMax(a, 1))
	pool := func(pad ...int) (y, dx *G.Node) {
		x := G.NewTensor(G.NewGraph(), tensor.Float64, 4, G.WithShape(1, 1, 4, 5), G.WithName("x"))
		y = G.Must(G.MaxPool2D(x, tensor.Shape{2, 3}, pad, []int{1, 2}))
		return y, grad(y, x)
	}
	pooled, pooledGrad := pool(0, 0)
	padded, paddedGrad := pool(1, 0)
	uneven, unevenGrad := pool(1, 0, 0, 0)
	plain := stock.MaxPool{Size: [2]int{2, 3}, Stride: [2]int{1, 2}}
	for _, c := range []struct {
		node *G.Node
		want any
	}{
		{G.Must(G.Exp(a)), stock.Unary{Name: "exp"}},
		{G.Must(G.Log(a)), stock.Unary{Name: "ln"}},
		{G.Must(G.InverseSqrt(a)), stock.Unary{Name: "invSqrt"}},
		{G.Must(G.Add(a, a)), stock.Binary{Name: "+"}},
		{G.Must(G.HadamardProd(a, a)), stock.Binary{Name: "⊙"}},
		{G.Must(G.Gte(a, a, true)), stock.Binary{Name: ">="}},
		{G.Must(G.Mul(a, b)), stock.MatMul{}},
		{G.Must(G.Mul(a, v)), stock.MatVec{}},
		{G.Must(G.Mul(v, v)), stock.Dot{}},
		{G.Must(G.OuterProd(v, w)), stock.Outer{}},
		{G.Must(G.BatchedMatMul(cube, in("other", 2, 4, 5))), stock.BatchMul{}},
		{G.Must(G.Transpose(cube, 2, 0, 1)), stock.Transpose{Perm: []int{2, 0, 1}}},
		{G.Must(G.Reshape(a, tensor.Shape{6})), stock.Reshape{}},
		{G.Must(G.Sum(cube, 0, 2)), stock.Sum{Axes: []int{0, 2}}},
		{G.Must(G.Max(a, 1)), stock.Max{Axes: []int{1}}},
		{soft, stock.Softmax{Axis: 1}},
		{G.Must(G.SoftMax(b)), stock.Softmax{Axis: -1}},
		{G.Must(G.LogSoftMax(b, 0)), stock.Softmax{Axis: 0, Log: true}},
		{sliced, stock.Slice{Axis: 1, Start: 1, End: 3, Step: 1}},
		{G.Must(G.Concat(1, a, in("c", 2, 5))), stock.Concat{Axis: 1}},
		{G.Must(G.At(a, 1, 2)), stock.At{Place: []int{1, 2}}},
		{G.Must(G.ByIndices(a, indices, 0)), stock.ByIndices{Axis: 0}},
		{G.Must(G.AveragePool2D(images, tensor.Shape{2, 3}, []int{1, 0}, []int{1, 2})), stock.AvgPool{Size: [2]int{2, 3}, Stride: [2]int{1, 2}, Before: [2]int{1, 0}, After: [2]int{1, 0}}},
		{pooled, plain},
		{padded, nil},
		{uneven, nil},
		{pooledGrad, stock.MaxPoolGrad{MaxPool: plain}},
		{paddedGrad, stock.PaddedMaxPoolGrad{MaxPool: plain, Pad: [2]int{1, 0}}},
		{unevenGrad, nil},
		{G.Must(G.GlobalAveragePool2D(images)), stock.GlobalAvg{}},
		{G.Must(G.Upsample2D(images, 3)), stock.Upsample{Scale: 3}},
		{G.Must(G.Sparsemax(b, 0)), stock.Sparsemax{Axis: 0}},
		{G.Must(G.ApplyOp(around{G.Must(G.Tanh(a)).Op()}, a)), stock.Unary{Name: "tanh"}},
		{G.NewConstant(2.0), stock.Constant{}},
		{G.UniformRandomNode(g, tensor.Float64, 0, 1, 3), stock.Random{}},
		{G.Set(a, a), stock.Let{}},
		{G.Must(G.Rectify(a)), stock.Binary{Name: "⊙"}},
		{grad(square, square), stock.Binary{Name: "⊙"}},
	} {
		if got := stock.Decode(c.node.Op()); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %s", c.node, cmp.Diff(c.want, got))
		}
	}
	var into G.Value
	if r, ok := stock.Decode(G.Read(a, &into).Op()).(stock.Read); !ok || r.Into != &into {
		t.Errorf("Read: %v", r)
	}
}

// around computes as Gorgonia's operator does.
type around struct{ G.Op }

func (a around) Stock() G.Op { return a.Op }

// TestDecodeGradients finds the gradient operators among the nodes that
// differentiation adds, and transposed products.
func TestDecodeGradients(t *testing.T) {
	for name, c := range map[string]struct {
		build func(x *G.Node) *G.Node
		want  any
	}{
		"slice":       {func(x *G.Node) *G.Node { return G.Must(G.Slice(x, nil, G.S(1, 3))) }, stock.SliceGrad{Slice: stock.Slice{Axis: 1, Start: 1, End: 3, Step: 1}}},
		"softmax":     {func(x *G.Node) *G.Node { return G.Must(G.SoftMax(x, 1)) }, stock.SoftmaxGrad{Axis: 1}},
		"log softmax": {func(x *G.Node) *G.Node { return G.Must(G.LogSoftMax(x, 0)) }, stock.SoftmaxGrad{Axis: 0, Log: true}},
		"product":     {func(x *G.Node) *G.Node { return G.Must(G.Mul(G.Must(G.Tanh(x)), x)) }, stock.MatMul{TransB: true}},
		"repeat":      {func(x *G.Node) *G.Node { return G.Must(G.Sum(x, 1)) }, stock.Repeat{Axis: 1}},
	} {
		g := G.NewGraph()
		x := G.NewMatrix(g, tensor.Float64, G.WithShape(3, 3), G.WithName("x"), G.WithInit(G.Ones()))
		loss := G.Must(G.Sum(G.Must(G.Square(c.build(x)))))
		if _, err := G.Grad(loss, x); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, n := range g.AllNodes() {
			found = found || n.Op() != nil && reflect.DeepEqual(stock.Decode(n.Op()), c.want)
		}
		if !found {
			t.Errorf("%s: no %#v in %v", name, c.want, g.AllNodes())
		}
	}
}

// TestBelongsTo: the gradient of batch normalisation holds its operator.
func TestBelongsTo(t *testing.T) {
	g := G.NewGraph()
	in := func(name string, shape ...int) *G.Node {
		return G.NewMatrix(g, tensor.Float64, G.WithShape(shape...), G.WithName(name), G.WithInit(G.Ones()))
	}
	x := in("x", 3, 2)
	y, _, _, op, err := G.BatchNorm(x, in("scale", 1, 2), in("bias", 1, 2), 0.9, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(y)))), x); err != nil {
		t.Fatal(err)
	}
	holders := 0
	for _, n := range g.AllNodes() {
		if n.Op() != nil && stock.BelongsTo(n.Op(), op) {
			holders++
		}
	}
	if holders != 1 || stock.BelongsTo(op, op) {
		t.Errorf("%d nodes hold the operator", holders)
	}
}
