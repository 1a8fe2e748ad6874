package vm_test

import (
	"errors"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// TestWhatIsAResultByItself: also a gradient that the graph computes with, and
// what only a statement uses, but no input and nothing on the way.
func TestWhatIsAResultByItself(t *testing.T) {
	g := G.NewGraph()
	G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("unused, without a value"))
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	between := G.Must(G.Square(x))
	d := gradient(t, G.Must(G.Sum(between)), x)[0]
	beyond := G.Must(G.Exp(d))
	aside := G.Must(G.Neg(x))
	G.Set(x, aside)
	m := run(t, g)
	equal(t, "the gradient", numbers(m.Value(d)), []float64{2, 4})
	if m.Value(beyond) == nil {
		t.Error("what is computed of the gradient is no result")
	}
	for _, n := range []*G.Node{between, between.Deriv()} {
		if m.Value(n) != nil {
			t.Errorf("%v is on the way to a result, and is one", n)
		}
	}
	equal(t, "what is set", numbers(m.Value(aside)), []float64{-1, -2})
}

// TestABoundGradient: what is differentiated may begin with the user's numbers.
func TestABoundGradient(t *testing.T) {
	g := G.NewGraph()
	x, dy := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2), bind(t, g, tensor.Float64, "dy", []int{2}, 10, 100)
	d, err := G.Backpropagate(G.Nodes{G.Must(G.Square(x))}, G.Nodes{dy}, G.Nodes{x})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "gradient", numbers(run(t, g).Value(d[0])), []float64{20, 400})
}

// TestAGraphWithoutFloats: its statement is no number either.
func TestAGraphWithoutFloats(t *testing.T) {
	g := G.NewGraph()
	places := tensor.New(tensor.WithShape(2), tensor.WithBacking([]int{3, 4}))
	var read G.Value
	G.Read(G.NewVector(g, tensor.Int, G.WithShape(2), G.WithName("places"), G.WithValue(places)), &read)
	run(t, g)
	if read != G.Value(places) {
		t.Errorf("read %v", read)
	}
}

// moody is an operator with a mode.
type moody struct {
	G.Op
	set func(training bool) error
}

func (m moody) SetTraining(training bool) error { return m.set(training) }

func TestEveryModeIsSet(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	once := G.Must(G.Dropout(x, 0.5))
	twice := G.Must(G.Dropout(once, 0.25))
	m, err := vm.New(g, vm.Config{EvalMode: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for range 10 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		equal(t, "in evaluation", numbers(m.Value(twice)), []float64{1, 2})
	}
	stubborn := moody{G.Must(G.Tanh(x)).Op(), func(bool) error { return errors.New("stays as it is") }}
	if _, err := G.ApplyOp(stubborn, once); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.New(g, vm.Config{}); err == nil || err.Error() != "vm: stays as it is" {
		t.Errorf("an operator that keeps its mode: %v", err)
	}
}

// foreign is a value that Gorgonia cannot copy.
type foreign struct{ G.Value }

func TestLetAndSet(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	y := G.Must(G.Square(x))
	idle := G.Must(G.Neg(x))
	m := run(t, g, y)
	for range 2 {
		if err := m.Set(x, y); err != nil {
			t.Fatal(err)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "x⁸", numbers(m.Value(y)), []float64{1, 256})
	equal(t, "x⁴", numbers(x.Value()), []float64{1, 16})
	v, err := valueOf(tensor.Float64, []float64{3, 4}, []int{2})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Let(x, v); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	equal(t, "squares", numbers(m.Value(y)), []float64{9, 16})

	other := bind(t, G.NewGraph(), tensor.Float64, "other", []int{2}, 1, 2)
	odd := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("odd"))
	if err := m.Let(odd, foreign{v}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{m.Let(y, v), "non input"},
		{m.Let(other, v), "is not a node of the graph"},
		{m.Set(x, idle), "has no value; is it a result?"},
		{m.Set(x, odd), "vm: "},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v, want something about %q", c.err, c.want)
		}
	}
}

// TestKeep: a machine that cannot keep a node stays as it is; one that can
// announces as before.
func TestKeep(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	y := G.Must(G.Exp(x))
	z := G.Must(G.Sum(y))
	m := run(t, g, z)
	var announced G.Nodes
	m.Announce(func(n *G.Node) { announced = append(announced, n) })
	stranger := bind(t, G.NewGraph(), tensor.Float64, "stranger", []int{2}, 1, 2)
	if err := m.Keep(stranger); err == nil || !strings.HasSuffix(err.Error(), "is not a node of the graph") {
		t.Errorf("a node of another graph: %v", err)
	}
	if err := m.Keep(y); err != nil {
		t.Fatal(err)
	}
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if len(announced) != 1 || announced[0] != y {
		t.Errorf("announced %v", announced)
	}
	if _, err := vm.New(g, vm.Config{Results: G.Nodes{stranger}}); err == nil || !strings.HasSuffix(err.Error(), "is not a node of the graph") {
		t.Errorf("a result of another graph: %v", err)
	}
}

// nameless is an operator that panics when it is to say what it is.
type nameless struct{ G.Op }

func (nameless) Stock() G.Op { panic("no name") }

func TestAPanicOfTheCompiler(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2}, 1, 2)
	y, err := G.ApplyOp(nameless{tanhOf(t, 2)}, x)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vm.New(g, vm.Config{Results: G.Nodes{y}}); err == nil || !strings.Contains(err.Error(), "compiling the graph: no name") {
		t.Errorf("%v", err)
	}
}
