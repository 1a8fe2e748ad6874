package vm_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// BatchNorm's running statistics, op.Stats, are after a batch what they are on
// TapeMachine, which sets the mode of training.
func TestIssue408BatchNormState(t *testing.T) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{4, 1}, 1, 2, 3, 6)
	scale, shift := input(t, g, "scale", []int{1, 1}, 1), input(t, g, "shift", []int{1, 1}, 0)
	y, _, _, op, err := G.BatchNorm(x, scale, shift, 0.9, 0)
	if err != nil {
		t.Fatal(err)
	}
	m := ran(t, g)
	near(t, "normal", m.Value(y), -2/math.Sqrt(3.5), -1/math.Sqrt(3.5), 0, 3/math.Sqrt(3.5))
	mean, variance := op.Stats()
	tape := func() (mean, variance []float64) {
		g := G.NewGraph()
		_, _, _, op, err := G.BatchNorm(input(t, g, "x", []int{4, 1}, 1, 2, 3, 6), input(t, g, "scale", []int{1, 1}, 1), input(t, g, "shift", []int{1, 1}, 0), 0.9, 0)
		if err != nil {
			t.Fatal(err)
		}
		m := G.NewTapeMachine(g)
		defer m.Close()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		a, b := op.Stats()
		return numbers(a), numbers(b)
	}
	wantMean, wantVariance := tape()
	near(t, "running mean", mean, wantMean...)
	near(t, "running variance", variance, wantVariance...)
	if len(wantMean) != 1 || wantMean[0] == 0 {
		t.Errorf("TapeMachine's running mean %v", wantMean)
	}
}

// One expression, trained with a batch and asked for a single example.
func TestIssue345PredictionOfOneExample(t *testing.T) { predictOne(t, 1) }

// And for more than it was trained with.
func TestIssue220PredictionAfterTraining(t *testing.T) { predictOne(t, 7) }

func predictOne(t *testing.T, examples int) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{3, 2}, 1, 2, 3, 4, 5, 6)
	w := input(t, g, "w", []int{2, 1}, 0.5, -0.25)
	y := G.Must(G.Tanh(G.Must(G.Mul(x, w))))
	if _, err := G.Grad(G.Must(G.Mean(G.Must(G.Square(y)))), w); err != nil {
		t.Fatal(err)
	}
	m := ran(t, g)
	if err := G.NewVanillaSolver(G.WithLearnRate(0.5)).Step(G.NodesToValueGrads(G.Nodes{w})); err != nil {
		t.Fatal(err)
	}
	m.Reset()
	trained := numbers(w.Value())
	predict, of, err := vm.Rebatch(examples, G.Nodes{x}, G.Nodes{y})
	if err != nil {
		t.Fatal(err)
	}
	in, want := make([]float64, 2*examples), make([]float64, examples)
	for i := range want {
		in[2*i], in[2*i+1] = 1/float64(i+1), float64(i)
		want[i] = math.Tanh(in[2*i]*trained[0] + in[2*i+1]*trained[1])
	}
	if err := G.Let(of[x], tensor.New(tensor.WithShape(examples, 2), tensor.WithBacking(in))); err != nil {
		t.Fatal(err)
	}
	ran(t, predict)
	near(t, "prediction", of[y].Value(), want...)
}

// Neg as the last node of an expression: the gradients are -1, not 0.
func TestIssue363NegIsLast(t *testing.T) {
	g := G.NewGraph()
	x, y := input(t, g, "x", nil, 2.5), input(t, g, "y", nil, 2)
	z := G.Must(G.Neg(G.Must(G.Add(x, y))))
	if _, err := G.Grad(z, x, y); err != nil {
		t.Fatal(err)
	}
	ran(t, g)
	near(t, "z", z.Value(), -4.5)
	for _, n := range (G.Nodes{x, y}) {
		d, err := n.Grad()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "gradient", d, -1)
	}
}

// BenchmarkIssue378Convnet is a step of the convnet, in float64 as the report has
// it, on both machines; bench -graphs compares more of them.
func BenchmarkIssue378Convnet(b *testing.B) {
	for which, machine := range map[string]func(*zoo.Model) (G.VM, error){
		"TapeMachine": func(m *zoo.Model) (G.VM, error) {
			return G.NewTapeMachine(m.Expr, G.BindDualValues(m.Params...)), nil
		},
		"vm": func(m *zoo.Model) (G.VM, error) { return vm.New(m.Expr, vm.Config{Workers: 1}) },
	} {
		b.Run(which, func(b *testing.B) {
			model, err := zoo.New("convnet", tensor.Float64, zoo.Full)
			if err != nil {
				b.Fatal(err)
			}
			m, err := machine(model)
			if err != nil {
				b.Fatal(err)
			}
			defer m.Close()
			for b.Loop() {
				if err := m.RunAll(); err != nil {
					b.Fatal(err)
				}
				m.Reset()
			}
		})
	}
}

// In evaluation a second batch is normalised by the running statistics of the
// first, by gorgonia.EvalMode's numbers, and leaves them as they are.
func TestIssue408SecondBatchInEvaluation(t *testing.T) {
	second := func(train, evaluate func(g *G.ExprGraph) (G.VM, error)) (y, mean, variance []float64) {
		g := G.NewGraph()
		x := input(t, g, "x", []int{4, 1}, 1, 2, 3, 6)
		out, _, _, op, err := G.BatchNorm(x, input(t, g, "scale", []int{1, 1}, 2), input(t, g, "shift", []int{1, 1}, 5), 0.75, 1e-5)
		if err != nil {
			t.Fatal(err)
		}
		var read G.Value
		G.Read(out, &read)
		for _, machine := range []func(*G.ExprGraph) (G.VM, error){train, evaluate} {
			m, err := machine(g)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			m.Close()
			if err := G.Let(x, tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 10, 3, -7}))); err != nil {
				t.Fatal(err)
			}
		}
		a, b := op.Stats()
		return numbers(read), numbers(a), numbers(b)
	}
	y, mean, variance := second(func(g *G.ExprGraph) (G.VM, error) { return vm.New(g, vm.Config{Workers: 1}) },
		func(g *G.ExprGraph) (G.VM, error) { return vm.New(g, vm.Config{Workers: 1, EvalMode: true}) })
	wantY, wantMean, wantVariance := second(func(g *G.ExprGraph) (G.VM, error) { return G.NewTapeMachine(g), nil },
		func(g *G.ExprGraph) (G.VM, error) { return G.NewTapeMachine(g, G.EvalMode()), nil })
	equal(t, "second batch", y, wantY)
	equal(t, "running mean", mean, wantMean)
	equal(t, "running variance", variance, wantVariance)
	// The first batch: mean 3, unbiased variance 14/3, from 0 and 1 by 3/4.
	deviation := math.Sqrt(0.75*14/3 + 0.25 + 1e-5)
	equal(t, "by hand", y, []float64{5 - 4.5/deviation, 5 + 15.5/deviation, 5 + 1.5/deviation, 5 - 18.5/deviation})
}
