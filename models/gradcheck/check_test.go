package gradcheck

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/finding"
	"symgrad/models/ops"
)

func must(n *G.Node, err error) *G.Node {
	if err != nil {
		panic(err)
	}
	return n
}

var point = []Tensor{{Name: "w", Shape: []int{2, 3}, Values: []float64{0.3, -1.2, 0.7, 2.1, -0.4, 0.9}}}

func TestOfSomebodysGraph(t *testing.T) {
	build := func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.Tanh(must(G.Square(p[0]))))) }
	for _, o := range []Options{{}, {Directions: 3}, {Dtype: tensor.Float32}, {Machine: TapeMachine()}, {Machine: TapeMachine(), Dtype: tensor.Float32}, {Operators: true}} {
		found, err := Check(build, point, o)
		if err != nil || len(found) > 0 {
			t.Errorf("%+v: %v, %v", o, found, err)
		}
	}
}

func TestTwoParametersAndAScalar(t *testing.T) {
	Test(t, func(p G.Nodes) (*G.Node, error) {
		return G.Sum(must(G.HadamardProd(p[1], must(G.Sigmoid(p[0])))))
	}, append([]Tensor{{Name: "s", Shape: []int{2, 3}, Values: []float64{1, 2, 3, 4, 5, 6}}}, point...), Options{})
	Test(t, func(p G.Nodes) (*G.Node, error) {
		return G.HadamardProd(must(G.Sum(p[1])), must(G.Exp(p[0])))
	}, append([]Tensor{{Name: "s", Values: []float64{0.5}}}, point...), Options{Machine: TapeMachine()})
}

// one checks a loss of one parameter and gives the first finding.
func one(t *testing.T, o Options, loss func(x *G.Node) (*G.Node, error), at ...float64) Finding {
	t.Helper()
	found, err := Check(func(p G.Nodes) (*G.Node, error) { return loss(p[0]) }, []Tensor{{Name: "x", Shape: []int{len(at)}, Values: at}}, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return Finding{}
	}
	return found[0]
}

func TestAWrongSymDiffIsCaught(t *testing.T) {
	at := append([]Tensor{{Name: "b", Shape: []int{3}, Values: []float64{1, 2, 3}}}, point...)
	found, err := Check(func(p G.Nodes) (*G.Node, error) {
		return G.Sum(must(G.Square(must(G.ApplyOp(wrongOp{ops.AddBiasOp{Dims: 2}}, p[1], p[0])))))
	}, at, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Param != "b" || found[0].Numbers != 3 || found[0].Operator == nil || found[0].Operator.Name != "wrong bias" || found[0].Operator.Operand != 2 {
		t.Errorf("found %v, want the three elements of b, by the operator", found)
	}
	if text := found[0].Error(); !strings.Contains(text, "b[0]") || !strings.Contains(text, "1.5 times what it should be") {
		t.Error(text)
	}
}

// Gorgonia's own InverseSqrt is wrong; a small loss must not hide it.
func TestScaledLosses(t *testing.T) {
	for _, scale := range []float64{1, 1e-9, 1e-30, 1e20} {
		f := one(t, Options{}, func(x *G.Node) (*G.Node, error) {
			return G.HadamardProd(must(G.Mean(must(G.InverseSqrt(x)))), G.NewConstant(scale))
		}, 1, 2, 3, 4)
		if f.Kind != finding.Gradient || f.Operator == nil || f.Operator.Name != "invSqrt" {
			t.Errorf("scaled by %v: %v", scale, f)
		}
		if f := one(t, Options{}, func(x *G.Node) (*G.Node, error) {
			return G.HadamardProd(must(G.Mean(must(G.Sqrt(x)))), G.NewConstant(scale))
		}, 1, 2, 3, 4); f.Kind != "" {
			t.Errorf("a right gradient, scaled by %v: %v", scale, f)
		}
	}
}

// At kinks and ties any subgradient is right, and a gradient outside them is wrong.
func TestKinks(t *testing.T) {
	zero := []Tensor{{Name: "x", Shape: []int{1, 1, 2, 2}, Values: []float64{0, 0, 0, 0}}}
	for name, build := range map[string]Build{
		"relu": func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.Rectify(p[0]))) },
		"pool": func(p G.Nodes) (*G.Node, error) { return G.Sum(must(ops.MaxPool(p[0], [2]int{2, 2}, [2]int{2, 2}))) },
		"both": func(p G.Nodes) (*G.Node, error) {
			y := must(ops.MaxPool(must(G.Rectify(p[0])), [2]int{2, 2}, [2]int{2, 2}))
			return G.Sum(must(G.Square(must(G.Sub(y, G.NewConstant(1.0))))))
		},
	} {
		for _, o := range []Options{{}, {Directions: 5}} {
			found, err := Check(build, zero, o)
			if err != nil || len(Wrong(found)) > 0 || len(found) == 0 || found[0].Kind != finding.Corner {
				t.Errorf("%s: %v, %v; want a note of the corner", name, found, err)
			}
		}
	}
	tooSteep := func(p G.Nodes) (*G.Node, error) { return G.Sum(must(G.ApplyOp(steepRectify{}, p[0]))) }
	found, err := Check(tooSteep, zero, Options{Points: -1})
	if err != nil || len(Wrong(found)) == 0 || Wrong(found)[0].Operator == nil {
		t.Errorf("a slope of 3 at the ReLU's kink: %v, %v", found, err)
	}
}

// A tie's gradient given to each of the equals is right number by number, but not
// along the direction in which they stay equal.
func TestEveryTie(t *testing.T) {
	how := mutation{"to every tie", func(_ *mutant, dx, x, _ []float64, _ tensor.Shape) []float64 {
		for i := range dx {
			dx[i] = dx[0]
		}
		return dx
	}}
	found, err := Check(func(p G.Nodes) (*G.Node, error) {
		y := must(ops.MaxPool(p[0], [2]int{2, 2}, [2]int{2, 2}))
		return G.Sum(must(G.ApplyOp(mutant{y.Op().(G.SDOp), 0, how, nil}, p[0])))
	}, []Tensor{{Name: "x", Shape: []int{1, 1, 2, 2}, Values: []float64{1, 1, 1, 1}}}, Options{Points: -1})
	if wrong := Wrong(found); err != nil || len(wrong) != 1 || wrong[0].Operator == nil || wrong[0].Operator.Pattern != "only at kinks" {
		t.Errorf("%v, %v", found, err)
	}
}

func TestInfinities(t *testing.T) {
	if f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return G.Sum(must(G.Sqrt(x))) }, 0, 1); f.Kind != finding.NonFinite {
		t.Errorf("the square root at 0: %v", f)
	}
	if f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return G.Sum(must(G.Log(x))) }, -1, 1); f.Kind != finding.NonFinite || !strings.Contains(f.Error(), "ln") {
		t.Errorf("the logarithm of -1: %v", f)
	}
}

func TestDropoutIsRandom(t *testing.T) {
	f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return G.Sum(must(G.Dropout(must(G.Square(x)), 0.5))) },
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) // two masks are the same once in 4e9 times
	if f.Kind != finding.Random || !strings.Contains(strings.ToLower(f.Error()), "dropout") {
		t.Errorf("dropout: %v", f)
	}
}

func TestNotes(t *testing.T) {
	if f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return G.Sum(must(G.Rectify(x))) }, -1, -2); f.Kind != finding.Dead {
		t.Errorf("a dead ReLU: %v", f)
	}
	if f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return belowRounding(must(G.Rectify(x))) }, 1, 2); f.Kind != finding.Unknown {
		t.Errorf("a slope below the rounding of the loss: %v", f)
	}
}

func belowRounding(x *G.Node) (*G.Node, error) {
	return G.Add(must(G.HadamardProd(must(G.Sum(x)), G.NewConstant(1e-15))), G.NewConstant(1.0))
}

// Where the loss is analytic a slope below its rounding can be told all the same,
// right from wrong.
func TestAnalyticSlopes(t *testing.T) {
	found, err := Check(func(p G.Nodes) (*G.Node, error) { return belowRounding(must(G.Tanh(p[0]))) }, point, Options{})
	if err != nil || len(found) > 0 {
		t.Errorf("tanh: %v, %v", found, err)
	}
	f := one(t, Options{}, func(x *G.Node) (*G.Node, error) { return belowRounding(must(G.InverseSqrt(x))) }, 4, 9)
	if f.Kind != finding.Gradient || f.Witness != "complex step" || !(math.Abs(f.Expected/-0.0625e-15-1) <= 1e-14) || f.Operator == nil {
		t.Errorf("an inverse root, which Gorgonia differentiates wrongly: %v", f)
	}
}

func TestBuildErrorsAreReported(t *testing.T) {
	_, err := Check(func(p G.Nodes) (*G.Node, error) { return G.Mul(p[0], p[0]) }, point, Options{})
	if err == nil || !strings.Contains(err.Error(), "building the loss") {
		t.Errorf("a product that does not fit gave %v", err)
	}
	_, err = Check(func(p G.Nodes) (*G.Node, error) { return G.Square(p[0]) }, point, Options{})
	if err == nil {
		t.Error("a loss that is no scalar passed")
	}
	_, err = Check(func(p G.Nodes) (*G.Node, error) { panic("no") }, point, Options{})
	if err == nil || !strings.Contains(err.Error(), "panic: no") {
		t.Errorf("a panic while building gave %v", err)
	}
}

// A million numbers, along random directions.
func BenchmarkAMillionNumbers(b *testing.B) {
	x := make([]float64, 1_000_000)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	at := []Tensor{{Name: "x", Shape: []int{1000, 1000}, Values: x}}
	for b.Loop() {
		Test(b, func(p G.Nodes) (*G.Node, error) { return G.Mean(must(G.Square(must(G.Tanh(p[0]))))) }, at, Options{})
	}
}

// Gorgonia's 1 - sigmoid(-h) is sigmoid(h): the gradient of sigmoid goes back past
// its operand -h, which is another one at each of the points.
func TestAGradientThatGoesBackPastTheOperand(t *testing.T) {
	found, err := Check(func(p G.Nodes) (*G.Node, error) {
		return weighed(must(G.Sigmoid(must(G.Neg(must(G.Square(p[0])))))))
	}, point, Options{Operators: true})
	if err != nil || len(Wrong(found)) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// The sum of what the targets leave of 1 is lost in rounding, within the operator:
// its gradients, of 1e-12, are right to three digits.
func TestRoundingWithinAnOperator(t *testing.T) {
	targets := G.NewConstant(tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{6.70518e-13, 9.55839e-19, 1})))
	found, err := Check(func(p G.Nodes) (*G.Node, error) {
		return ops.SoftmaxCrossEntropy(p[0], targets)
	}, []Tensor{{Name: "logits", Shape: []int{1, 3}, Values: []float64{-27.1829, -39.8494, 130.037}}}, Options{Operators: true})
	if err != nil || len(Wrong(found)) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// Large numbers in a graph excuse no small gradient that is wrong: an operator's,
// which is named, nor one that no operator is to blame for.
func TestSmallGradientsAmongLargeNumbers(t *testing.T) {
	quotient := func(p G.Nodes, op func(G.SDOp) G.Op) (*G.Node, error) {
		y := must(G.HadamardDiv(p[0], p[1]))
		return G.Sum(must(G.Square(must(G.ApplyOp(op(y.Op().(G.SDOp)), p...)))))
	}
	at := []Tensor{point[0], {Name: "large", Shape: []int{2, 3}, Values: []float64{1e8, 1.1e8, 1.2e8, 1.3e8, 1.4e8, 1.5e8}}}
	for dtype, by := range map[tensor.Dtype]float64{tensor.Float64: 1.001, tensor.Float32: 1.1} {
		for operand := range at {
			found, err := Check(func(p G.Nodes) (*G.Node, error) {
				return quotient(p, func(op G.SDOp) G.Op { return mutant{op, operand, factor(by), nil} })
			}, at, Options{Dtype: dtype})
			if wrong := Wrong(found); err != nil || len(wrong) == 0 || wrong[0].Operator == nil || wrong[0].Operator.Operand != operand+1 {
				t.Errorf("%v, wrong by operand %d: %v, %v", dtype, operand+1, found, err)
			}
		}
	}
	for by, want := range map[float64]int{1: 0, 1.001: 1} {
		found, err := Check(func(p G.Nodes) (*G.Node, error) {
			return quotient(p, func(op G.SDOp) G.Op { return op })
		}, at, Options{Points: -1, Grad: func(cost *G.Node, wrt ...*G.Node) (G.Nodes, error) {
			d, err := G.Grad(cost, wrt...)
			d[0] = must(G.HadamardProd(d[0], G.NewConstant(by)))
			return d, err
		}})
		if wrong := Wrong(found); err != nil || len(wrong) != want {
			t.Errorf("times %v: %v, %v", by, found, err)
		}
	}
}
