package vm_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/repair"
	"symgrad/models/stock"
	"symgrad/models/zoo"
	"symgrad/train/vm"
)

// TestRepairedToTheSameBits: a repaired graph gives the same losses and gradients,
// bit for bit, by as few operators of Gorgonia's.
func TestRepairedToTheSameBits(t *testing.T) {
	for _, name := range zoo.Names() {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			m, err := zoo.New(name, dtype, zoo.Small)
			if err != nil {
				t.Fatal(err)
			}
			results := G.Nodes{m.Loss}
			for _, p := range m.Params {
				results = append(results, p.Deriv())
			}
			want, before := onMachine(t, m.Expr, results)
			repaired, err := repair.Graph(m.Expr)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var again G.Nodes
			for _, n := range results {
				again = append(again, repaired.Of(n))
			}
			got, after := onMachine(t, repaired.Graph, again)
			for i := range want {
				if !slices.Equal(got[i], want[i]) {
					t.Errorf("%s, %v: %v is other numbers in the repaired graph", name, dtype, results[i])
				}
			}
			if before != after {
				t.Errorf("%s, %v: %d operators of Gorgonia's, %d in the repaired graph", name, dtype, before, after)
			}
		}
	}
}

// TestSecondDerivativesOfTheZoo: the machine computes them by itself.
func TestSecondDerivativesOfTheZoo(t *testing.T) {
	for _, name := range []string{"MLP", "convnet", "LSTM", "attention", "BatchNorm MLP"} {
		m, err := zoo.New(name, tensor.Float64, zoo.Small)
		if err != nil {
			t.Fatal(err)
		}
		grads, err := repair.Grad(m.Loss, m.Params...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		squares := G.Must(G.Sum(G.Must(G.Square(grads[0]))))
		for _, d := range grads[1:] {
			squares = G.Must(G.Add(squares, G.Must(G.Sum(G.Must(G.Square(d))))))
		}
		second, err := repair.Grad(squares, m.Params...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, theirs := onMachine(t, m.Expr, second)
		if theirs != 0 {
			t.Errorf("%s: %d operators run through Gorgonia", name, theirs)
		}
		want, err := interpret.NewPlan(nil, second...).Values(nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, n := range second {
			right := numbers(want[n])
			scale := max(slices.Max(right), -slices.Min(right))
			for k, v := range got[i] {
				if !(math.Abs(v-right[k]) <= 1e-9*scale) {
					t.Fatalf("%s, by %v: %v, want %v", name, m.Params[i], v, right[k])
				}
			}
		}
	}
}

// TestRepairedDropout: a number and its gradient are dropped together, zeros among
// them, and the others are multiplied by 1/(1-p), on both machines.
func TestRepairedDropout(t *testing.T) {
	numbers := make([]float64, 40)
	for i := range numbers {
		numbers[i] = float64(i % 4)
	}
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithShape(40), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking(numbers))))
	y := G.Must(G.Dropout(x, 0.2))
	*stock.Decode(y.Op()).(stock.Dropout).Draw = rand.New(rand.NewPCG(1, 2)).Float64 // from the clock all are kept once in 7,500 times
	r, err := repair.Graph(g)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := G.Grad(G.Must(G.Sum(r.Of(y))), r.Of(x))
	if err != nil {
		t.Fatal(err)
	}
	values, theirs := onMachine(t, r.Graph, G.Nodes{r.Of(y), grads[0]})
	if theirs != 0 {
		t.Errorf("%d operators run through Gorgonia", theirs)
	}
	for _, v := range [][][]float64{values, onTape(t, r.Graph, G.Nodes{r.Of(y), grads[0]})} {
		kept := 0
		for i, d := range v[1] {
			if d != 0 && d != 1.25 || v[0][i] != d*numbers[i] {
				t.Errorf("number %d: %v becomes %v, gradient %v", i, numbers[i], v[0][i], d)
			}
			if d != 0 {
				kept++
			}
		}
		if kept < 20 || kept == 40 {
			t.Errorf("%d of 40 kept", kept)
		}
	}
}

// onMachine gives the nodes' numbers and how many operators run through Gorgonia.
func onMachine(t *testing.T, g *G.ExprGraph, nodes G.Nodes) (values [][]float64, theirs int) {
	t.Helper()
	m, err := vm.New(g, vm.Config{Results: nodes, Workers: 1, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		values = append(values, slices.Clone(numbers(m.Value(n))))
	}
	return values, m.Explain().Count(vm.Gorgonia)
}

func onTape(t *testing.T, g *G.ExprGraph, nodes G.Nodes) (values [][]float64) {
	read := make([]G.Value, len(nodes))
	for i, n := range nodes {
		G.Read(n, &read[i])
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	for _, v := range read {
		values = append(values, numbers(v))
	}
	return values
}
