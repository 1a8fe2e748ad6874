package vm_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// The tests of this file are named after the numbers of issues in Gorgonia's
// repository: what users reported there, on this package's machine.

// ran compiles a graph as TapeMachine's users do, without a list of results, and
// runs it once.
func ran(t *testing.T, g *G.ExprGraph) *vm.Machine {
	t.Helper()
	m, err := vm.New(g, vm.Config{Workers: 1, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return m
}

func input(t *testing.T, g *G.ExprGraph, name string, shape []int, values ...float64) *G.Node {
	t.Helper()
	n, err := array{shape, values}.node(g, tensor.Float64, name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func near(t *testing.T, what string, got G.Value, want ...float64) {
	t.Helper()
	if d := apart(numbers(got), want, 0); !(d <= 1e-12) {
		t.Errorf("%s: %v, want %v", what, first(numbers(got)), first(want))
	}
}

// Log after SoftMax turns the SoftMax node itself into log-softmax while the
// graph is built, so that both nodes hold logarithms: nothing that runs the graph
// can tell. The logarithms are right; probabilities need a SoftMax of another
// node, or Exp.
func TestIssue569LogAfterSoftMax(t *testing.T) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{1, 2, 1, 4}, 5, 2, 10, 2, 1, 2, 4, 4)
	p := G.Must(G.SoftMax(x, 1))
	before := p.Op().String()
	logp := G.Must(G.Log(p))
	if after := p.Op().String(); before == after || !strings.Contains(after, "true") {
		t.Errorf("building Log left the operator as it was: %s, then %s", before, after)
	}
	probabilities := G.Must(G.Exp(logp))
	m, err := vm.New(g, vm.Config{Workers: 1, Results: G.Nodes{p, logp, probabilities}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	var logs, plain []float64
	for _, d := range []float64{4, 0, 6, -2, -4, 0, -6, 2} {
		logs, plain = append(logs, -math.Log1p(math.Exp(-d))), append(plain, 1/(1+math.Exp(-d)))
	}
	near(t, "Log", m.Value(logp), logs...)
	near(t, "Exp of Log", m.Value(probabilities), plain...)
	near(t, "the node that was SoftMax", m.Value(p), logs...)
}

// GlobalAveragePool2D runs, but Gorgonia has no gradient of it and panics in
// Grad. The mean of the reshaped maps has one.
func TestIssue349GlobalAveragePool(t *testing.T) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{1, 2, 2, 2}, 1, 2, 3, 4, -1, 0, 5, 8)
	pooled := G.Must(G.GlobalAveragePool2D(x))
	mean := G.Must(G.Mean(G.Must(G.Reshape(x, tensor.Shape{2, 4})), 1))
	d, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(mean)))), x)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g, vm.Config{Workers: 1, Results: G.Nodes{pooled, mean, d[0]}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	near(t, "pool", m.Value(pooled), 2.5, 3)
	near(t, "mean", m.Value(mean), 2.5, 3)
	near(t, "gradient", m.Value(d[0]), 1.25, 1.25, 1.25, 1.25, 1.5, 1.5, 1.5, 1.5)
}

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

// The gradient of softmax with binary cross-entropy, which could not be built
// when it was reported (as StableSoftMax, which has become SoftMax), can be. But
// BinaryXent takes the logarithm, so that issue 569 strikes: the graph that is
// built computes with logarithms in place of probabilities. Probabilities as Exp
// of LogSoftMax are left alone.
func TestIssue323SoftMaxAndBinaryXent(t *testing.T) {
	z := [3]float64{0.2, -0.4, 0.7}
	loss := func(of func(x *G.Node) *G.Node) (loss float64, slope []float64) {
		g := G.NewGraph()
		x, y := input(t, g, "x", []int{1, 3}, z[:]...), input(t, g, "y", []int{1, 3}, 0, 1, 0)
		cost := G.Must(G.Mean(G.Must(G.Sum(G.Must(G.BinaryXent(of(x), y)), 1))))
		d, err := G.Grad(cost, x)
		if err != nil {
			t.Fatal(err)
		}
		ran(t, g)
		return numbers(cost.Value())[0], numbers(d[0].Value())
	}
	softmax := func(z [3]float64) (p [3]float64) {
		total := math.Exp(z[0]) + math.Exp(z[1]) + math.Exp(z[2])
		for i := range p {
			p[i] = math.Exp(z[i]) / total
		}
		return p
	}
	p := softmax(z)
	got, _ := loss(func(x *G.Node) *G.Node { return G.Must(G.SoftMax(x, 1)) })
	if want := -math.Log(1-math.Log(p[0])) - math.Log(p[1]) - math.Log(1-math.Log(p[2])); math.Abs(got-want) > 1e-12 {
		t.Errorf("as it is built: %v, want %v", got, want)
	}
	right := func(z [3]float64) float64 {
		p := softmax(z)
		return -math.Log(1-p[0]) - math.Log(p[1]) - math.Log(1-p[2])
	}
	got, slope := loss(func(x *G.Node) *G.Node { return G.Must(G.Exp(G.Must(G.LogSoftMax(x, 1)))) })
	if want := right(z); math.Abs(got-want) > 1e-12 {
		t.Errorf("of Exp(LogSoftMax): %v, want %v", got, want)
	}
	for i, got := range slope {
		above, below := z, z
		above[i] += 1e-5
		below[i] -= 1e-5
		if want := (right(above) - right(below)) / 2e-5; math.Abs(got-want) > 1e-8 {
			t.Errorf("gradient %d: %v, want %v", i, got, want)
		}
	}
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

// A vector is broadcast to a tensor of three axes, either side, with gradients.
func TestIssue383BroadcastToThreeAxes(t *testing.T) {
	g := G.NewGraph()
	a := input(t, g, "a", []int{2, 1, 1}, 100, 200)
	b := input(t, g, "b", []int{2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8)
	c := G.Must(G.BroadcastAdd(a, b, []byte{1, 2}, nil))
	d, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(c)))), a, b)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g, vm.Config{Workers: 1, Results: append(d, c)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	near(t, "sum", m.Value(c), 101, 102, 103, 104, 205, 206, 207, 208)
	near(t, "gradient of the vector", m.Value(d[0]), 820, 1652)
	near(t, "gradient of the tensor", m.Value(d[1]), 202, 204, 206, 208, 410, 412, 414, 416)
}

// Concat along an axis that is 1 long in one of the operands.
func TestIssue341ConcatOfLengthOne(t *testing.T) {
	g := G.NewGraph()
	x, y := input(t, g, "x", []int{2, 2, 2}, 0, 1, 2, 3, 4, 5, 6, 7), input(t, g, "y", []int{2, 1, 2}, 10, 11, 12, 13)
	z := G.Must(G.Concat(1, x, y))
	ran(t, g)
	near(t, "concat", z.Value(), 0, 1, 2, 3, 10, 11, 4, 5, 6, 7, 12, 13)
}

// The convnet's examples come as slices of a larger tensor; they are not at the
// beginning of their memory.
func TestIssue446ExamplesAreASlice(t *testing.T) {
	g := G.NewGraph()
	x := G.NewTensor(g, tensor.Float64, 4, G.WithShape(1, 1, 2, 2), G.WithName("x"))
	y := G.Must(G.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
	all := tensor.New(tensor.WithShape(3, 1, 2, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6, 8, 7, 12, 9, 10, 11}))
	m, err := vm.New(g, vm.Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for i, want := range []float64{4, 8, 12} {
		batch, err := all.Slice(G.S(i, i+1))
		if err != nil {
			t.Fatal(err)
		}
		if err := batch.Reshape(1, 1, 2, 2); err != nil {
			t.Fatal(err)
		}
		if err := G.Let(x, batch); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		m.Reset()
		near(t, "pool", y.Value(), want)
	}
}

// Batched products of matrices of one number.
func TestIssue552BatchedProductOfOneByOne(t *testing.T) {
	g := G.NewGraph()
	a, b := input(t, g, "a", []int{2, 1, 1}, 2, 3), input(t, g, "b", []int{2, 1, 1}, 5, 7)
	c := G.Must(G.BatchedMatMul(a, b))
	d, err := G.Grad(G.Must(G.Sum(G.Must(G.Square(c)))), a)
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g, vm.Config{Workers: 1, Results: append(d, c)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	near(t, "product", m.Value(c), 10, 21)
	near(t, "gradient", m.Value(d[0]), 100, 294)
}

// SoftMax of a batch, without a word about the axis and with one: rows sum to 1.
func TestIssue368SoftMaxOfRows(t *testing.T) {
	for what, of := range map[string]func(*G.Node) (*G.Node, error){
		"with axis":    func(x *G.Node) (*G.Node, error) { return G.SoftMax(x, 1) },
		"without axis": func(x *G.Node) (*G.Node, error) { return G.SoftMax(x) },
	} {
		g := G.NewGraph()
		p := G.Must(of(input(t, g, "x", []int{2, 3}, 1, 2, 3, -1, 0, 1)))
		ran(t, g)
		e, s := math.E, 1+math.E+math.E*math.E
		near(t, what, p.Value(), 1/s, e/s, e*e/s, 1/s, e/s, e*e/s)
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
