package vm_test

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
	"symgrad/train/vm"
)

// bind adds an input that holds numbers in row-major order.
func bind(t *testing.T, g *G.ExprGraph, dtype tensor.Dtype, name string, shape []int, values ...float64) *G.Node {
	t.Helper()
	n, err := array{shape, values}.node(g, dtype, name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// must gives a value that comes without an error, or panics.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func run(t *testing.T, g *G.ExprGraph, results ...*G.Node) *vm.Machine {
	t.Helper()
	m, err := vm.New(g, vm.Config{Results: results, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	return m
}

func gradient(t *testing.T, loss *G.Node, by ...*G.Node) G.Nodes {
	t.Helper()
	d, err := G.Grad(loss, by...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func equal(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if d := apart(got, want, 0); !(d <= 1e-12) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestOrdersOfMemory: an input means what its At says, in whatever order its
// numbers lie, and also when it is exchanged for one in another order.
func TestOrdersOfMemory(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2, 3}, 1, 4, 2, 5, 3, 6)
	w := bind(t, g, tensor.Float64, "w", []int{2, 3}, 1, 2, 3, 4, 5, 6)
	rows := G.Must(G.Sum(G.Must(G.HadamardProd(x, w)), 1))
	m := run(t, g, rows)
	transposed := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 5, 4, 3, 2, 6}))
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	wide := tensor.New(tensor.WithShape(2, 5), tensor.WithBacking([]float64{9, 1, 4, 2, 9, 9, 5, 3, 6, 9}))
	sliced, err := wide.Slice(nil, tensor.S(1, 4))
	if err != nil {
		t.Fatal(err)
	}
	for what, v := range map[string]tensor.Tensor{
		"row-major":    tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 4, 2, 5, 3, 6})),
		"column-major": tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float64{1, 4, 2, 5, 3, 6})), // takes them in row-major order
		"transposed":   transposed,
		"sliced":       sliced,
	} {
		if err := G.Let(x, v); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		equal(t, what, numbers(m.Value(rows)), []float64{1 + 8 + 6, 20 + 15 + 36})
	}
}

// TestAfterDualValues: a parameter that TapeMachine has once bound to a dual
// value gets this machine's gradient. Two steps from a leave 0.8 * 0.8 a.
func TestAfterDualValues(t *testing.T) {
	g := G.NewGraph()
	a := bind(t, g, tensor.Float64, "a", []int{3}, 1, 2, 3)
	gradient(t, G.Must(G.Sum(G.Must(G.Square(a)))), a)
	if err := G.NewTapeMachine(g, G.BindDualValues(a)).RunAll(); err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g, vm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for range 2 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		if err := G.NewVanillaSolver(G.WithLearnRate(0.1)).Step(G.NodesToValueGrads(G.Nodes{a})); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "a", numbers(a.Value()), []float64{0.64, 1.28, 1.92})
}

// TestOneGradientOfTwoParameters: a solver spends the gradient that it is given,
// so each parameter has its own. Here both move by -0.1 * 2(a+b).
func TestOneGradientOfTwoParameters(t *testing.T) {
	g := G.NewGraph()
	a, b := bind(t, g, tensor.Float64, "a", []int{2}, 1, 2), bind(t, g, tensor.Float64, "b", []int{2}, 3, 5)
	gradient(t, G.Must(G.Sum(G.Must(G.Square(G.Must(G.Add(a, b)))))), a, b)
	run(t, g, nil...)
	if err := G.NewVanillaSolver(G.WithLearnRate(0.1)).Step(G.NodesToValueGrads(G.Nodes{a, b})); err != nil {
		t.Fatal(err)
	}
	equal(t, "a", numbers(a.Value()), []float64{1 - 0.8, 2 - 1.4})
	equal(t, "b", numbers(b.Value()), []float64{3 - 0.8, 5 - 1.4})
}

// TestRead: gorgonia.Read gives an intermediate's value, whether results are
// named or not.
func TestRead(t *testing.T) {
	for _, named := range []bool{false, true} {
		g := G.NewGraph()
		squares := G.Must(G.Square(bind(t, g, tensor.Float64, "a", []int{3}, 1, 2, 3)))
		var read G.Value
		G.Read(squares, &read)
		var results G.Nodes
		if total := G.Must(G.Sum(squares)); named {
			results = G.Nodes{total}
		}
		run(t, g, results...)
		equal(t, "what is read", numbers(read), []float64{1, 4, 9})
	}
}

// TestTheLossIsAResult, also where its own gradient uses it.
func TestTheLossIsAResult(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 7)
	loss := G.Must(G.Sqrt(G.Must(G.Mean(G.Must(G.Square(x))))))
	gradient(t, loss, x)
	run(t, g)
	equal(t, "loss", numbers(loss.Value()), []float64{5})
}

// TestGradientOfPooledMaps: values between two convolutions come out in the
// order of the graph, whatever the kernels keep them in.
func TestGradientOfPooledMaps(t *testing.T) {
	for dtype, tolerance := range both {
		g := G.NewGraph()
		in := func(name string, seed uint64, shape ...int) *G.Node {
			return bind(t, g, dtype, name, shape, normal(seed, shape...).values...)
		}
		x, w1, w2 := in("x", 1, 2, 1, 6, 6), in("w1", 2, 2, 1, 3, 3), in("w2", 3, 2, 2, 1, 1)
		two, one := [2]int{2, 2}, [2]int{1, 1}
		maps := G.Must(ops.MaxPool(G.Must(G.Rectify(G.Must(ops.Conv2D(x, w1, one, [2]int{})))), two, two))
		out := G.Must(ops.MaxPool(G.Must(ops.Conv2D(maps, w2, one, [2]int{})), two, two))
		gradient(t, G.Must(G.Sum(G.Must(G.Square(out)))), w1, w2)
		want, err := interpret.Values(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []*G.Node{maps, maps.Deriv()} {
			for _, others := range []G.Nodes{nil, {out}, {out, w1.Deriv(), w2.Deriv()}} {
				m := run(t, g, append(others, n)...)
				for _, r := range append(others, n) {
					if d := apart(numbers(m.Value(r)), numbers(want[r]), 0); !(d <= tolerance) {
						t.Errorf("%v, %v beside %v: %v is %.3g apart", dtype, n, others, r, d)
					}
				}
			}
		}
	}
}

// TestARowWithoutTargets has no part in the loss, whatever its logits are.
func TestARowWithoutTargets(t *testing.T) {
	for dtype, tolerance := range both {
		g := G.NewGraph()
		z := bind(t, g, dtype, "z", []int{2, 2}, math.NaN(), 1, 0, 0)
		y := bind(t, g, dtype, "y", []int{2, 2}, 0, 0, 1, 0)
		loss := G.Must(ops.SoftmaxCrossEntropy(z, y))
		if d := apart(numbers(run(t, g, loss).Value(loss)), []float64{math.Ln2 / 2}, 0); !(d <= tolerance) {
			t.Errorf("%v: the loss is %v, want %v", dtype, loss.Value(), math.Ln2/2)
		}
	}
}

// TestAResultMadeAnInput is read as it was, though the run writes there.
func TestAResultMadeAnInput(t *testing.T) {
	for dtype := range both {
		g := G.NewGraph()
		x := bind(t, g, dtype, "x", []int{2, 2}, 1, 2, 3, 4)
		y := G.Must(G.Square(x))
		z := G.Must(G.Mul(y, x))
		m := run(t, g, y, z)
		if err := G.Let(x, m.Value(y)); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		equal(t, "squares of squares times squares", numbers(m.Value(z)), []float64{1 + 144, 4 + 256, 81 + 2304, 324 + 4096})
	}
}
