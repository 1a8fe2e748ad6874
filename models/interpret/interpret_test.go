package interpret_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
)

func evaluate(t *testing.T, n *G.Node) []float64 {
	t.Helper()
	values, err := interpret.Values(n.Graph(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := values[n].(*G.F64); ok {
		return []float64{float64(*s)}
	}
	return values[n].Data().([]float64)
}

func close(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= 1e-12) && !(math.IsNaN(w) && math.IsNaN(got[i])) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func input(g *G.ExprGraph, name string, v *tensor.Dense) *G.Node {
	return G.NewTensor(g, v.Dtype(), v.Dims(), G.WithShape(v.Shape()...), G.WithName(name), G.WithValue(v))
}

// TestWhereGorgoniaIsWrong has the numbers worked out by hand.
func TestWhereGorgoniaIsWrong(t *testing.T) {
	numbers := make([]float64, 16)
	for i := range numbers {
		numbers[i] = float64(i * i)
	}
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(2, 2, 2, 2), tensor.WithBacking(numbers)))
	close(t, "sum over axis 2", evaluate(t, G.Must(G.Sum(x, 2))), 0+4, 1+9, 16+36, 25+49, 64+100, 81+121, 144+196, 169+225)
	y := input(g, "y", tensor.New(tensor.WithShape(1, 2, 3, 2), tensor.WithBacking([]float64{5, 1, 2, 9, 3, 4, -1, -7, -2, -3, -8, -4})))
	close(t, "maximum over axis 2", evaluate(t, G.Must(G.Max(y, 2))), 5, 9, -1, -3)
	close(t, "spatial mean", evaluate(t, G.Must(G.Mean(x, 2, 3))), 3.5, 31.5, 91.5, 183.5)

	g = G.NewGraph()
	v := input(g, "v", tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{-2, 0, math.NaN()})))
	w := input(g, "w", tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{0, 0, 1})))
	close(t, "sign", evaluate(t, G.Must(G.Sign(v))), -1, 0, math.NaN())
	if q := evaluate(t, G.Must(G.HadamardDiv(v, w))); !math.IsInf(q[0], -1) || !math.IsNaN(q[1]) {
		t.Errorf("division by zero: %v", q)
	}
	far := input(g, "far", tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{20, 17})))
	denormal := input(g, "denormal", tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0x1p-1060})))
	close(t, "logarithm", evaluate(t, G.Must(G.Log(denormal))), -1060*math.Ln2)
	close(t, "sigmoid", evaluate(t, G.Must(G.Sigmoid(far))), 0.9999999979388463, 0.9999999586006244)
	deep := input(g, "deep", tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{-740})))
	if got := evaluate(t, G.Must(G.Sigmoid(deep)))[0]; got != 4.2e-322 { // e^-740
		t.Errorf("sigmoid of -740: %v", got)
	}
	close(t, "softplus", evaluate(t, G.Must(G.Softplus(far))), 20.000000002061153, 17.000000041399375)
	logits := input(g, "logits", tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{0, 1000})))
	close(t, "log softmax", evaluate(t, G.Must(G.LogSoftMax(logits, 1))), -1000, 0)
}

// TestSoftmaxGradients: of y = (-1000, 0) the gradient by x1 is -dy0; in float32 Gorgonia's
// is the difference of numbers of 2e12, and off by 8e4.
func TestSoftmaxGradients(t *testing.T) {
	gradient := func(dtype tensor.Dtype, log bool, x, dy []float64) []float64 {
		g := G.NewGraph()
		in := func(name string, v []float64) *G.Node {
			return input(g, name, interpret.Float(dtype, tensor.Shape{1, len(v)}, v).(*tensor.Dense))
		}
		logits, softmax := in("x", x), G.SoftMax
		if log {
			softmax = G.LogSoftMax
		}
		d, err := G.Grad(G.Must(G.Sum(G.Must(G.HadamardProd(G.Must(softmax(logits)), in("dy", dy))))), logits)
		if err != nil {
			t.Fatal(err)
		}
		values, err := interpret.Values(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		if single, ok := values[d[0]].Data().([]float32); ok {
			return []float64{float64(single[0]), float64(single[1])}
		}
		return values[d[0]].Data().([]float64)
	}
	close(t, "of the logarithm, float32", gradient(tensor.Float32, true, []float64{0, 1000}, []float64{-4075368192, 2276739776512}), -4075368192, 4075368192)
	e := math.Exp(-1)
	p, dy := []float64{1 / (1 + e), e / (1 + e)}, []float64{3, 5}
	sum := p[0]*3 + p[1]*5
	close(t, "of the logarithm", gradient(tensor.Float64, true, []float64{2, 1}, dy), 3-p[0]*8, 5-p[1]*8)
	close(t, "of softmax", gradient(tensor.Float64, false, []float64{2, 1}, dy), p[0]*(3-sum), p[1]*(5-sum))
}

// TestSingle has numbers of float32 that the standard library's float64 gives.
func TestSingle(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float32, G.WithShape(3), G.WithName("x"), G.WithValue(tensor.New(tensor.WithShape(3), tensor.WithBacking([]float32{1e-40, 89, 1e9}))))
	for y, want := range map[*G.Node][]float32{
		G.Must(G.Sin(x)):   {1e-40, 0.86006940, 0.54584345},
		G.Must(G.Cos(x)):   {1, 0.51017704, 0.83788718},
		G.Must(G.Log(x)):   {-92.10341, 4.4886364, 20.723266},
		G.Must(G.Expm1(x)): {1e-40, float32(math.Inf(1)), float32(math.Inf(1))},
	} {
		values, err := interpret.Values(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range values[y].Data().([]float32) {
			if got != want[i] {
				t.Errorf("%v of %v is %v, want %v", y.Op(), x.Value().Data().([]float32)[i], got, want[i])
			}
		}
	}
}

// TestProducts counts in every factor, also by 0, and along the right axes:
// against sums written out.
func TestProducts(t *testing.T) {
	number := func(from float64, shape ...int) *tensor.Dense {
		n := tensor.Shape(shape).TotalSize()
		v := make([]float64, n)
		for i := range v {
			v[i] = from + float64(i)
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))
	}
	g := G.NewGraph()
	a, b, v, w := input(g, "a", number(1, 2, 3)), input(g, "b", number(1, 3, 2)), input(g, "v", number(1, 3)), input(g, "w", number(1, 2))
	close(t, "matrices", evaluate(t, G.Must(G.Mul(a, b))), 1+6+15, 2+8+18, 4+15+30, 8+20+36)
	close(t, "both transposed", evaluate(t, G.Must(G.Mul(G.Must(G.Transpose(a)), G.Must(G.Transpose(b))))), 1+8, 3+16, 5+24, 2+10, 6+20, 10+30, 3+12, 9+24, 15+36)
	close(t, "matrix and vector", evaluate(t, G.Must(G.Mul(a, v))), 1+4+9, 4+10+18)
	close(t, "vectors", evaluate(t, G.Must(G.Mul(v, v))), 14)
	close(t, "outer", evaluate(t, G.Must(G.OuterProd(w, v))), 1, 2, 3, 2, 4, 6)
	x, y := input(g, "x", number(1, 2, 1, 2)), input(g, "y", number(1, 2, 2, 1))
	close(t, "batch", evaluate(t, G.Must(G.BatchedMatMul(x, y))), 1+4, 9+16)

	g = G.NewGraph()
	zeros := input(g, "zeros", tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{0, 0})))
	inf := input(g, "inf", tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{math.Inf(1), 1})))
	close(t, "zero times infinity", evaluate(t, G.Must(G.Mul(zeros, inf))), math.NaN())
}

// TestOrders reads tensors in any order of memory as their At does.
func TestOrders(t *testing.T) {
	transposed := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	view, err := tensor.New(tensor.WithShape(2, 4), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6, 7, 8})).Slice(nil, tensor.S(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*tensor.Dense{
		"column-major": tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6})),
		"transposed":   transposed,
		"sliced":       view.(*tensor.Dense),
	} {
		var want []float64
		for i := range v.Shape()[0] {
			for j := range v.Shape()[1] {
				at, err := v.At(i, j)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, at.(float64))
			}
		}
		close(t, name, evaluate(t, input(G.NewGraph(), "x", v)), want...)
	}
}

// TestNothingIsShared: TapeMachine overwrites the sigmoid here.
func TestNothingIsShared(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{0})))
	p := G.Must(G.Sigmoid(x))
	values, err := interpret.Values(G.Must(G.Square(G.Must(G.Sub(p, x)))).Graph(), nil)
	if err != nil {
		t.Fatal(err)
	}
	close(t, "sigmoid under a square", values[p].Data().([]float64), 0.5)
}

func TestErrorsNameTheNode(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("nothing"))
	G.Must(G.Tanh(x))
	if _, err := interpret.Values(g, nil); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("an input without a value: %v", err)
	}
}

// TestGiven puts a value in place of a random node.
func TestGiven(t *testing.T) {
	g := G.NewGraph()
	u := G.UniformRandomNode(g, tensor.Float64, 0, 1, 2)
	y := G.Must(G.Square(u))
	values, err := interpret.Values(g, map[*G.Node]G.Value{u: tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{3, 4}))})
	if err != nil {
		t.Fatal(err)
	}
	close(t, "square", values[y].Data().([]float64), 9, 16)
}

// TestShaken: a difference of large numbers shows what a sum does not, and the
// inputs stay as they are.
func TestShaken(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1e6, 1e6})))
	y := input(g, "y", tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1e6 - 1, 1e6 - 1})))
	sum, difference := G.Must(G.Add(x, y)), G.Must(G.Sub(x, y))
	values, err := interpret.Shaken(g, rand.New(rand.NewPCG(1, 2)), 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(values[sum].Data().([]float64)[0]/(2e6-1) - 1); d == 0 || d > 3e-6 {
		t.Errorf("the sum moved by %v of itself", d)
	}
	if d := math.Abs(values[difference].Data().([]float64)[0] - 1); d < 0.01 {
		t.Errorf("the difference moved by %v", d)
	}
	close(t, "x", x.Value().Data().([]float64), 1e6, 1e6)

	// The number of repetitions stays whole.
	mean := G.Must(G.Mean(G.Must(G.Square(x))))
	d, err := G.Grad(mean, x)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		if values, err = interpret.Shaken(g, rand.New(rand.NewPCG(seed, 2)), 1e-6); err != nil {
			t.Fatal(err)
		}
		if got := values[d[0]].Data().([]float64); len(got) != 2 || !(math.Abs(got[1]/1e6-1) <= 1e-5) {
			t.Errorf("gradient %v", got)
		}
	}
}

// TestShakenNormalisation: batch normalisation's gradient adds up to 0 because the
// mean of the gradient is taken from it, which is known to its rounding alone.
func TestShakenNormalisation(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(8, 1, 1, 1), tensor.WithBacking([]float64{1, 2, 3, 5, 8, 13, 21, 34})))
	w := input(g, "w", tensor.New(tensor.WithShape(8, 1, 1, 1), tensor.WithBacking([]float64{1e6 + 3, 1e6 + 1, 1e6 + 4, 1e6 + 1, 1e6 + 5, 1e6 + 9, 1e6 + 2, 1e6 + 6})))
	y, _, _, _, err := G.BatchNorm(x, nil, nil, 0.9, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	d, err := G.Grad(G.Must(G.Sum(G.Must(G.HadamardProd(y, w)))), x)
	if err != nil {
		t.Fatal(err)
	}
	total := func(values map[*G.Node]G.Value) (sum float64) {
		for _, v := range values[d[0]].Data().([]float64) {
			sum += v
		}
		return math.Abs(sum)
	}
	values, err := interpret.Values(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum := total(values); sum > 1e-8 {
		t.Errorf("the gradient adds up to %v", sum)
	}
	if values, err = interpret.Shaken(g, rand.New(rand.NewPCG(1, 2)), 1e-9); err != nil {
		t.Fatal(err)
	}
	if sum := total(values); sum < 1e-5 || sum > 1e-2 {
		t.Errorf("with mean(dy) known to 1e-3, it adds up to %v", sum)
	}
}
