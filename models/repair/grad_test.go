package repair_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck"
	"symgrad/models/interpret"
	"symgrad/models/repair"
)

// of is one expression of Gorgonia's operators, differentiated by its parameters.
type of struct {
	name   string
	params []tensor.Shape
	from   float64 // the numbers are from here on, one above the other
	build  func(p G.Nodes) (*G.Node, error)
}

func one(f func(x *G.Node) (*G.Node, error)) func(p G.Nodes) (*G.Node, error) {
	return func(p G.Nodes) (*G.Node, error) { return f(p[0]) }
}

func two(f func(x, y *G.Node) (*G.Node, error)) func(p G.Nodes) (*G.Node, error) {
	return func(p G.Nodes) (*G.Node, error) { return f(p[0], p[1]) }
}

func matrices(shapes ...tensor.Shape) []tensor.Shape { return shapes }

// expressions have a first and a second derivative at the points they are
// checked at.
func expressions() []of {
	x := matrices(tensor.Shape{2, 3})
	xy := matrices(tensor.Shape{2, 3}, tensor.Shape{2, 3})
	cube := matrices(tensor.Shape{2, 3, 2})
	all := []of{
		{"x+y", xy, -1, two(G.Add)},
		{"x-y", xy, -1, two(G.Sub)},
		{"x*y", xy, -1, two(G.HadamardProd)},
		{"x/y", xy, 0.5, two(G.HadamardDiv)},
		{"x^y", xy, 0.5, two(G.Pow)},
		{"x*x", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.HadamardProd(x, x) })},
		{"x*x*x", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.HadamardProd(x, G.Must(G.HadamardProd(x, x))) })},
		{"2/x", x, 0.5, one(func(x *G.Node) (*G.Node, error) { return G.HadamardDiv(constant(x, 2), x) })},
		{"x*s", matrices(tensor.Shape{2, 3}, tensor.Shape{}), -1, two(G.HadamardProd)},
		{"s/x", matrices(tensor.Shape{}, tensor.Shape{2, 3}), 0.5, two(G.HadamardDiv)},
		{"x^s", matrices(tensor.Shape{2, 3}, tensor.Shape{}), 0.5, two(G.Pow)},
		{"Mish", x, -1, one(G.Mish)},
		{"LeakyRelu", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.LeakyRelu(x, 0.1) })},
		{"Rectify", x, -1, one(G.Rectify)},
		{"A B", matrices(tensor.Shape{2, 3}, tensor.Shape{3, 2}), -1, two(G.Mul)},
		{"A v", matrices(tensor.Shape{2, 3}, tensor.Shape{3}), -1, two(G.Mul)},
		{"v A", matrices(tensor.Shape{2}, tensor.Shape{2, 3}), -1, two(G.Mul)},
		{"v.w", matrices(tensor.Shape{3}, tensor.Shape{3}), -1, two(G.Mul)},
		{"OuterProd", matrices(tensor.Shape{3}, tensor.Shape{2}), -1, two(G.OuterProd)},
		{"BatchedMatMul", matrices(tensor.Shape{2, 3, 2}, tensor.Shape{2, 2, 3}), -1, two(func(x, y *G.Node) (*G.Node, error) { return G.BatchedMatMul(x, y) })},
		{"BatchedMatMul of transposed", matrices(tensor.Shape{2, 2, 3}, tensor.Shape{2, 3, 2}), -1, two(func(x, y *G.Node) (*G.Node, error) { return G.BatchedMatMul(x, y, true, true) })},
		{"Reshape", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Reshape(x, tensor.Shape{3, 2}) })},
		{"Transpose", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Transpose(x, 2, 0, 1) })},
		{"Slice", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Slice(x, nil, G.S(1, 3)) })},
		{"Slice of one", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Slice(x, G.S(1), G.S(0, 2)) })},
		{"Concat", xy, -1, two(func(x, y *G.Node) (*G.Node, error) { return G.Concat(1, x, y, x) })},
		{"Sum", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Sum(x, 1) })},
		{"Sum of all", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Sum(x) })},
		{"Mean", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Mean(x, 0, 2) })},
		{"Max", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Max(x, 1) })},
		{"Norm 2", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Norm(x, 1, 2) })},
		{"SoftMax", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) })},
		{"SoftMax of columns", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 0) })},
		{"SoftMax of a column", matrices(tensor.Shape{4, 1}), -1, one(func(x *G.Node) (*G.Node, error) { return G.SoftMax(x) })},
		{"LogSoftMax of a column", matrices(tensor.Shape{4, 1}), -1, one(func(x *G.Node) (*G.Node, error) { return G.LogSoftMax(x) })},
		{"LogSoftMax", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.LogSoftMax(x, 1) })},
		{"SoftMax squared", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Pow(G.Must(G.SoftMax(x, 1)), constant(x, 2)) })},
		{"BroadcastAdd", matrices(tensor.Shape{2, 3}, tensor.Shape{1, 3}), -1, two(func(x, y *G.Node) (*G.Node, error) { return G.BroadcastAdd(x, y, nil, []byte{0}) })},
		{"BroadcastHadamardProd", matrices(tensor.Shape{2, 3}, tensor.Shape{2, 1}), -1, two(func(x, y *G.Node) (*G.Node, error) { return G.BroadcastHadamardProd(x, y, nil, []byte{1}) })},
		{"MaxBetween", xy, -1, two(G.MaxBetween)},
		{"MinBetween", xy, -1, two(G.MinBetween)},
		{"BinaryXent", xy, 0.1, two(func(x, y *G.Node) (*G.Node, error) { return G.BinaryXent(G.Must(G.Sigmoid(x)), y) })},
	}
	images := matrices(tensor.Shape{1, 2, 3, 4})
	four := matrices(tensor.Shape{1, 2, 3, 2})
	all = append(all, []of{
		{"Conv2d", matrices(tensor.Shape{1, 2, 3, 4}, tensor.Shape{2, 2, 2, 2}), -1, two(func(x, w *G.Node) (*G.Node, error) {
			return G.Conv2d(x, w, tensor.Shape{2, 2}, []int{1, 1}, []int{2, 1}, []int{1, 1})
		})},
		{"MaxPool2D", images, -1, one(func(x *G.Node) (*G.Node, error) {
			return G.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{1, 2})
		})},
		{"MaxPool2D, padded", images, -1, one(func(x *G.Node) (*G.Node, error) {
			return G.MaxPool2D(x, tensor.Shape{2, 2}, []int{1, 0}, []int{2, 1})
		})},
		{"Upsample2D", images, -1, one(func(x *G.Node) (*G.Node, error) { return G.Upsample2D(x, 2) })},
		{"GroupNorm", matrices(tensor.Shape{2, 4, 2}, tensor.Shape{1, 4, 1}, tensor.Shape{1, 4, 1}), -1, func(p G.Nodes) (*G.Node, error) {
			return G.GroupNorm(p[0], p[1], p[2], 2, 4, 1e-5)
		}},
		{"BatchNorm", matrices(tensor.Shape{5, 2}, tensor.Shape{1, 2}, tensor.Shape{1, 2}), -1, func(p G.Nodes) (*G.Node, error) {
			y, _, _, _, err := G.BatchNorm(p[0], p[1], p[2], 0.9, 1e-5)
			return y, err
		}},
		{"BatchNorm of images", matrices(tensor.Shape{2, 2, 2, 2}, tensor.Shape{1, 2, 1, 1}, tensor.Shape{1, 2, 1, 1}), -1, func(p G.Nodes) (*G.Node, error) {
			y, _, _, _, err := G.BatchNorm(p[0], p[1], p[2], 0.9, 1e-5)
			return y, err
		}},
		{"Sparsemax of Gorgonia's", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.Sparsemax(x) })},
		{"Sparsemax of Gorgonia's, three axes", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Sparsemax(x) })},
		{"ByIndices of axis 0", x, -1, one(func(x *G.Node) (*G.Node, error) { return G.ByIndices(x, indices(x, 1, 0, 1), 0) })},
		{"ByIndices of axis 1", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.ByIndices(x, indices(x, 2, 0, 2), 1) })},
		{"Tensordot", matrices(tensor.Shape{2, 3}, tensor.Shape{3, 2}), -1, two(func(x, y *G.Node) (*G.Node, error) { return G.Tensordot([]int{1}, []int{0}, x, y) })},
		{"Max of three axes", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.Max(x, 0, 2) })},
		{"Sum over axis 2 of 4", four, -1, one(func(x *G.Node) (*G.Node, error) { return G.Sum(x, 2) })},

		{"repair.Log2", x, 0.5, one(repair.Log2)},
		{"repair.InverseSqrt", x, 0.5, one(repair.InverseSqrt)},
		{"repair.OuterProd", matrices(tensor.Shape{3}, tensor.Shape{2}), -1, two(repair.OuterProd)},
		{"repair.Sum", four, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Sum(x, 1, 2) })},
		{"repair.Mean", four, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Mean(x, 2, 3) })},
		{"repair.Max", four, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Max(x, 2) })},
		{"repair.ByIndices", cube, -1, one(func(x *G.Node) (*G.Node, error) { return repair.ByIndices(x, indices(x, 2, 0, 2), 1) })},
		{"At of Gorgonia's", cube, -1, one(func(x *G.Node) (*G.Node, error) { return G.At(x, 1, 2, 0) })},
		{"repair.At", cube, -1, one(func(x *G.Node) (*G.Node, error) { return repair.At(x, 1, 2, 0) })},
		{"repair.Norm 3", x, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Norm(x, 1, 3) })},
		{"repair.Norm 1", x, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Norm(x, 0, 1) })},
		{"repair.LogSumExp", cube, -1, one(func(x *G.Node) (*G.Node, error) { return repair.LogSumExp(x, 1) })},
		{"repair.Sparsemax 0", x, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Sparsemax(x, 0) })},
		{"repair.Sparsemax 1 of 3", cube, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Sparsemax(x, 1) })},
		{"repair.AveragePool2D", images, -1, one(func(x *G.Node) (*G.Node, error) {
			return repair.AveragePool2D(x, tensor.Shape{2, 3}, []int{0, 1}, []int{1, 2})
		})},
		{"repair.GlobalAveragePool2D", images, -1, one(repair.GlobalAveragePool2D)},
		{"repair.Dropout of 0", x, -1, one(func(x *G.Node) (*G.Node, error) { return repair.Dropout(x, 0) })},
	}...)
	anywhere := map[string]func(*G.Node) (*G.Node, error){"Sin": G.Sin, "Cos": G.Cos, "Exp": G.Exp, "Neg": G.Neg, "Square": G.Square, "Cube": G.Cube,
		"Tanh": G.Tanh, "Sigmoid": G.Sigmoid, "Expm1": G.Expm1, "Softplus": G.Softplus, "Abs": G.Abs}
	for _, name := range slices.Sorted(maps.Keys(anywhere)) {
		f := anywhere[name]
		all = append(all, of{name, x, -1, one(f)}, of{name + " of a scalar", matrices(tensor.Shape{}), 0.4, one(f)})
	}
	positive := map[string]func(*G.Node) (*G.Node, error){"Log": G.Log, "Log2": G.Log2, "Sqrt": G.Sqrt, "Inverse": G.Inverse, "InverseSqrt": G.InverseSqrt, "Log1p": G.Log1p}
	for _, name := range slices.Sorted(maps.Keys(positive)) {
		f := positive[name]
		all = append(all, of{name, x, 0.5, one(f)}, of{name + " of a scalar", matrices(tensor.Shape{}), 0.5, one(f)})
	}
	return all
}

func constant(x *G.Node, v float64) *G.Node {
	return G.NewConstant(interpret.Float(x.Dtype(), nil, []float64{v}))
}

// indices are whole numbers that no derivative goes to.
func indices(x *G.Node, rows ...int) *G.Node {
	return G.NewVector(x.Graph(), tensor.Int, G.WithShape(len(rows)), G.WithName("indices"), G.WithValue(tensor.New(tensor.WithBacking(rows))))
}

// point gives an expression's parameters different numbers.
func (e of) point() (at []gradcheck.Tensor) {
	for i, shape := range e.params {
		t := gradcheck.Tensor{Name: fmt.Sprint("p", i), Shape: shape}
		for k := range max(shape.TotalSize(), 1) {
			_, f := math.Modf(math.Phi * (float64(k) + 3.3*float64(i) + 1))
			t.Values = append(t.Values, e.from+2*f)
		}
		at = append(at, t)
	}
	return at
}

// weighted is the sum of a node's numbers, each times another factor.
func weighted(n *G.Node, seed float64) (*G.Node, error) {
	w := make([]float64, max(1, n.Shape().TotalSize()))
	for i := range w {
		w[i] = math.Sin(1 + 2.3*float64(i) + seed)
	}
	c := G.NewConstant(interpret.Float(n.Dtype(), n.Shape(), w), G.WithName(fmt.Sprint("weights ", n.Dtype(), n.Shape(), seed)))
	if n.IsScalar() {
		return G.HadamardProd(n, c)
	}
	p, err := G.HadamardProd(n, c)
	if err != nil {
		return nil, err
	}
	return G.Sum(p)
}

// loss of an expression: nonlinear, so that linear ones have a second derivative.
func (e of) loss(p G.Nodes) (*G.Node, error) {
	y, err := e.build(p)
	if err != nil {
		return nil, err
	}
	if y, err = G.Add(y, G.Must(G.Square(y))); err != nil {
		return nil, err
	}
	return weighted(y, 0)
}

// slope is a weighted sum of the gradients of a loss.
func slope(loss func(p G.Nodes) (*G.Node, error), p G.Nodes, seed float64) (*G.Node, error) {
	return slopeBy(repair.Grad, loss, p, seed)
}

func slopeBy(grad func(*G.Node, ...*G.Node) (G.Nodes, error), loss func(p G.Nodes) (*G.Node, error), p G.Nodes, seed float64) (*G.Node, error) {
	l, err := loss(p)
	if err != nil {
		return nil, err
	}
	grads, err := grad(l, p...)
	if err != nil {
		return nil, err
	}
	return dot(grads, seed)
}

// TestGrad compares the first, second and third derivatives of every expression with
// differences of the expression, the first and the second: the third with LONG=1, the
// second without it of each other expression.
func TestGrad(t *testing.T) {
	for i, e := range expressions() {
		second := func(p G.Nodes) (*G.Node, error) { return slope(e.loss, p, 0) }
		for order, build := range []gradcheck.Build{e.loss, second, func(p G.Nodes) (*G.Node, error) { return slope(second, p, 0.5) }} {
			if os.Getenv("LONG") == "" && order > i%2 {
				continue
			}
			t.Run(fmt.Sprint(e.name, ", derivative ", order+1), func(t *testing.T) {
				gradcheck.Test(t, build, e.point(), gradcheck.Options{Grad: repair.Grad, Points: 1 - 2*order, Directions: 2 * order}) // the first at two points, by every number
			})
		}
	}
}

// By nodes that are made of each other: x, h = x^2 and k = sin h, of which the
// cost, the sum of k^3 h x, is made. The gradient by x is that without the others.
func TestGradByNodesOfEachOther(t *testing.T) {
	g := G.NewGraph()
	at := []float64{0.5, -1.25, 2}
	x := G.NewVector(g, G.Float64, G.WithShape(3), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking(at))))
	h := G.Must(G.Square(x))
	k := G.Must(G.Sin(h))
	cost := G.Must(G.Sum(G.Must(G.HadamardProd(G.Must(G.Cube(k)), G.Must(G.HadamardProd(h, x))))))
	grads, err := repair.Grad(cost, h, x, k)
	if err != nil {
		t.Fatal(err)
	}
	values, err := interpret.Values(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range at {
		h, k, c := x*x, math.Sin(x*x), math.Cos(x*x)
		byK := 3 * k * k * h * x
		byH := k*k*k*x + byK*c
		for n, want := range []float64{byH, k*k*k*h + byH*2*x, byK} {
			if got := values[grads[n]].Data().([]float64)[i]; !(math.Abs(got-want) <= 1e-12*(1+math.Abs(want))) {
				t.Errorf("number %d by node %d: %v, want %v", i, n, got, want)
			}
		}
	}
}

// The gradient operator of Gorgonia's group normalisation says that it is constant.
func TestGradOfGroupNormsGradient(t *testing.T) {
	g := G.NewGraph()
	in := func(name string, shape ...int) *G.Node {
		return G.NewTensor(g, G.Float64, 3, G.WithShape(shape...), G.WithName(name), G.WithInit(G.Uniform(1, 2)))
	}
	x := in("x", 2, 4, 2)
	y, err := G.GroupNorm(x, in("scale", 1, 4, 1), in("bias", 1, 4, 1), 2, 4, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := G.Grad(G.Must(weighted(G.Must(G.Square(y)), 0)), x)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repair.Grad(G.Must(weighted(grads[0], 1)), x); err == nil {
		t.Error("no error")
	}
}

func TestAxes(t *testing.T) {
	x := G.NewMatrix(G.NewGraph(), G.Float64, G.WithShape(2, 3), G.WithName("x"))
	for name, f := range map[string]func(*G.Node, ...int) (*G.Node, error){"Sum": repair.Sum, "Mean": repair.Mean, "Max": repair.Max} {
		for _, axes := range [][]int{{-1}, {2}, {1, 1}, {0, 7}} {
			if y, err := f(x, axes...); err == nil {
				t.Errorf("%s over %v: %v", name, axes, y.Shape())
			}
		}
		if _, err := f(x, 1, 0); err != nil {
			t.Error(name, err)
		}
	}
}
