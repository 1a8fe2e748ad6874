package complexstep

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
)

// The slope of every function of one number is that of its textbook's derivative,
// to 14 digits, at numbers small and large.
func TestFunctions(t *testing.T) {
	slopes := map[string]func(x float64) float64{
		"neg": func(float64) float64 { return -1 }, "square": func(x float64) float64 { return 2 * x },
		"cube": func(x float64) float64 { return 3 * x * x }, "inv": func(x float64) float64 { return -1 / (x * x) },
		"sqrt":    func(x float64) float64 { return 0.5 / math.Sqrt(x) },
		"invSqrt": func(x float64) float64 { return -0.5 / (x * math.Sqrt(x)) },
		"sin":     math.Cos, "cos": func(x float64) float64 { return -math.Sin(x) },
		"tanh": func(x float64) float64 { return 1 / (math.Cosh(x) * math.Cosh(x)) },
		"exp":  math.Exp, "expm1": math.Exp, "ln": func(x float64) float64 { return 1 / x },
		"log2": func(x float64) float64 { return 1 / (x * math.Ln2) }, "log1p": func(x float64) float64 { return 1 / (1 + x) },
		"sigmoid":  func(x float64) float64 { return 1 / (2 + math.Exp(-x) + math.Exp(x)) },
		"softplus": func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	}
	if len(slopes) != len(functions) {
		t.Errorf("%d functions have a slope here, of %d", len(slopes), len(functions))
	}
	for name, f := range functions {
		for _, x := range []float64{1e-8, 0.3, 1, 2.5, 17} {
			if got, want := imag(f(complex(x, step)))/step, slopes[name](x); !(math.Abs(got-want) <= 2e-14*math.Abs(want)) {
				t.Errorf("%s at %g: slope %v, want %v", name, x, got, want)
			}
		}
	}
}

// around is a loss's line, of parameter p.
func around(t *testing.T, loss, p *G.Node) *Line {
	t.Helper()
	values, err := interpret.NewPlan(nil, loss).Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	moves := map[*G.Node]bool{p: true}
	var nodes G.Nodes
	for _, n := range interpret.NewPlan(nil, loss).Nodes() {
		for _, c := range interpret.Operands(n) {
			moves[n] = moves[n] || moves[c]
		}
		if moves[n] && n != p {
			nodes = append(nodes, n)
		}
	}
	return New(p, loss, nodes, values)
}

func input(g *G.ExprGraph, name string, shape ...int) *G.Node {
	data := make([]float64, tensor.Shape(shape).TotalSize())
	for i := range data {
		data[i] = 0.4 + 0.1*float64(len(name)) + math.Sin(float64(3*i))/5
	}
	return G.NewTensor(g, tensor.Float64, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))))
}

func image(x *G.Node) *G.Node { return G.Must(G.Reshape(x, tensor.Shape{1, 1, 3, 4})) }

func indices(g *G.ExprGraph, rows ...int) *G.Node {
	return G.NewVector(g, tensor.Int, G.WithShape(len(rows)), G.WithName("rows"), G.WithValue(tensor.New(tensor.WithShape(len(rows)), tensor.WithBacking(rows))))
}

// A loss of each operator has the slope that differences of the loss see, from two
// steps, to what such differences are good for, and exactly that of a Taylor
// series' next term.
func TestOperators(t *testing.T) {
	must := func(n *G.Node, err error) *G.Node {
		t.Helper()
		return G.Must(n, err)
	}
	for name, build := range map[string]func(x, y *G.Node) *G.Node{ // x and y of shape (3, 4)
		"matmul":       func(x, y *G.Node) *G.Node { return must(G.Mul(x, must(G.Transpose(y, 1, 0)))) },
		"x by itself":  func(x, y *G.Node) *G.Node { return must(G.Mul(x, must(G.Transpose(x, 1, 0)))) },
		"quotient":     func(x, y *G.Node) *G.Node { return must(G.HadamardDiv(y, x)) },
		"power":        func(x, y *G.Node) *G.Node { return must(G.Pow(x, y)) },
		"exponent":     func(x, y *G.Node) *G.Node { return must(G.Pow(y, x)) },
		"square":       func(x, y *G.Node) *G.Node { return must(G.HadamardProd(x, x)) },
		"difference":   func(x, y *G.Node) *G.Node { return must(G.Sub(y, must(G.Exp(x)))) },
		"sums":         func(x, y *G.Node) *G.Node { return must(G.Sum(must(G.HadamardProd(x, y)), 1)) },
		"softmax":      func(x, y *G.Node) *G.Node { return must(G.HadamardProd(y, must(G.SoftMax(x, 0)))) },
		"our softmax":  func(x, y *G.Node) *G.Node { return must(G.HadamardProd(y, must(ops.Softmax(x)))) },
		"log softmax":  func(x, y *G.Node) *G.Node { return must(G.HadamardProd(y, must(G.LogSoftMax(x)))) },
		"crossentropy": func(x, y *G.Node) *G.Node { return must(ops.SoftmaxCrossEntropy(x, y)) },
		"concat":       func(x, y *G.Node) *G.Node { return must(G.Tanh(must(G.Concat(1, y, x, x)))) },
		"slice":        func(x, y *G.Node) *G.Node { return must(G.Cube(must(G.Slice(x, G.S(0, 2), nil)))) },
		"reshape":      func(x, y *G.Node) *G.Node { return must(G.Sigmoid(must(G.Reshape(x, tensor.Shape{2, 6})))) },
		"broadcast":    func(x, y *G.Node) *G.Node { return must(G.BroadcastHadamardProd(y, must(G.Sum(x, 1)), nil, []byte{1})) },
		"one number":   func(x, y *G.Node) *G.Node { return must(G.HadamardProd(y, must(G.Sum(must(G.Exp(x)))))) },
		"mean":         func(x, y *G.Node) *G.Node { return must(G.Mean(must(G.Square(x)))) },
		"convolution":  func(x, y *G.Node) *G.Node { return must(ops.Conv2D(image(x), image(y), [2]int{1, 1}, [2]int{1, 2})) },
		"filters":      func(x, y *G.Node) *G.Node { return must(ops.Conv2D(image(y), image(x), [2]int{1, 2}, [2]int{2, 2})) },
		"bias":         func(x, y *G.Node) *G.Node { return must(ops.AddBias(y, must(G.Sum(x, 0)))) },
		"mean pool":    func(x, y *G.Node) *G.Node { return must(ops.MeanPool(image(x), [2]int{2, 2}, [2]int{1, 2})) },
		"average pool": func(x, y *G.Node) *G.Node {
			return must(G.AveragePool2D(image(x), tensor.Shape{2, 2}, []int{0, 0}, []int{1, 2}))
		},
		"stock conv": func(x, y *G.Node) *G.Node {
			return must(G.Conv2d(image(x), image(y), tensor.Shape{3, 4}, []int{1, 1}, []int{1, 1}, []int{1, 1}))
		},
		"upsampled": func(x, y *G.Node) *G.Node { return must(G.Upsample2D(image(x), 2)) },
		"rows":      func(x, y *G.Node) *G.Node { return must(G.ByIndices(x, indices(x.Graph(), 2, 0, 2), 0)) },
		"one row":   func(x, y *G.Node) *G.Node { return must(G.Mul(y, must(G.Slice(x, G.S(1))))) },
		"outer":     func(x, y *G.Node) *G.Node { return must(G.OuterProd(must(G.Slice(x, G.S(1))), must(G.Sum(x, 0)))) },
		"batches": func(x, y *G.Node) *G.Node {
			return must(G.BatchedMatMul(must(G.Reshape(x, tensor.Shape{2, 3, 2})), must(G.Reshape(y, tensor.Shape{2, 2, 3}))))
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := G.NewGraph()
			x, y := input(g, "x", 3, 4), input(g, "yy", 3, 4)
			loss := build(x, y)
			if !loss.IsScalar() {
				loss = must(G.Sum(must(G.HadamardProd(loss, loss))))
			}
			direction := make([]float64, 12)
			for i := range direction {
				direction[i] = math.Cos(float64(5 * i))
			}
			at := func(h float64) float64 {
				moved := make([]float64, 12)
				for i, v := range x.Value().Data().([]float64) {
					moved[i] = v + h*direction[i]
				}
				values, err := interpret.Values(g, map[*G.Node]G.Value{x: interpret.Float(tensor.Float64, x.Shape(), moved)})
				if err != nil {
					t.Fatal(err)
				}
				return values[loss].Data().(float64)
			}
			line := around(t, loss, x)
			if line == nil {
				t.Fatal("not taken for analytic")
			}
			e, ok := line.Along(direction)
			if !ok {
				t.Fatal("not analytic at this point")
			}
			d := func(h float64) float64 { return (at(h) - at(-h)) / (2 * h) }
			const h = 1e-3
			want := (64*d(h/4) - 20*d(h/2) + d(h)) / 45 // Richardson 1911
			if !(math.Abs(e.Slope-want) <= 1e-10*math.Abs(want)) || e.Error > 1e-13*math.Abs(e.Slope) || e.Value != at(0) {
				t.Errorf("slope %.15g, error %g, value %g; differences give %.15g at %g", e.Slope, e.Error, e.Value, want, at(0))
			}
		})
	}
}

// What is not analytic is not taken for it.
func TestNotAnalytic(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", 2, 2)
	below := G.Must(G.Sub(x, G.NewConstant(9.0)))
	for name, n := range map[string]*G.Node{
		"a rectifier": G.Must(G.Rectify(x)), "a maximum": G.Must(G.Max(x, 0)), "a modulus": G.Must(G.Abs(x)), "a comparison": G.Must(G.Gt(x, x, true)),
	} {
		if around(t, G.Must(G.Sum(n)), x) != nil {
			t.Errorf("%s is taken for analytic", name)
		}
	}
	for name, n := range map[string]*G.Node{
		"a negative number's square": G.Must(G.Pow(below, G.NewConstant(2.0))), "its root": G.Must(G.Sqrt(below)), "its logarithm": G.Must(G.Log(below)),
	} {
		if e, ok := around(t, G.Must(G.Sum(n)), x).Along(make([]float64, 4)); ok {
			t.Errorf("%s has the slope %v", name, fmt.Sprint(e))
		}
	}
}

// A slope too small for the step is not taken for 0.
func TestVanishingSlopes(t *testing.T) {
	g := G.NewGraph()
	x := input(g, "x", 2, 2)
	tiny := G.Must(G.HadamardProd(x, G.NewConstant(1e-200)))
	e, ok := around(t, G.Must(G.Sum(tiny)), x).Along([]float64{1, 0, 0, 0})
	if ok && math.Abs(e.Slope-1e-200) > e.Error {
		t.Errorf("a slope of 1e-200 is %g within %g", e.Slope, e.Error)
	}
}
