package vm_test

import (
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/ops"
	"symgrad/train/vm"
)

// A gradient that is placed is written there to the same bits, run after run, or
// added to what is there.
func TestGradientsArePlaced(t *testing.T) {
	for _, spec := range []models.Spec{models.Neuron(3), models.MLP(20, 12, 4), models.Small(), models.Tutorial(), models.LeNet()} {
		for _, of := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			if spec.Dtype = of; of == tensor.Float32 {
				checkPlaced[float32](t, spec)
			} else {
				checkPlaced[float64](t, spec)
			}
		}
	}
}

func checkPlaced[F float32 | float64](t *testing.T, spec models.Spec) {
	t.Helper()
	spec.L2 = map[string]float64{"small": 0.01}[spec.Name] // a term more in its gradients
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Training(3)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := 0, g.Input.Value().Data().([]F); i < len(x); i++ {
		x[i] = F(i%7) / 7
	}
	for i, y := 0, g.Target.Value().Data().([]F); i < len(y); i += 11 {
		y[i] = 1
	}
	m, err := vm.New(g.Expr, vm.Config{Workers: 2, Results: append(G.Nodes{g.Loss}, g.Grads...)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	run := func() {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	run()
	var want, own [][]F
	for i, n := range g.Grads {
		numbers := m.Value(n).Data().([]F)
		own, want = append(own, numbers), append(want, slices.Clone(numbers))
		if m.Place(n, make([]F, len(numbers)+1), false) || m.Place(n, make([]int, len(numbers)), false) {
			t.Errorf("%s: gradient %d may be placed among other numbers", spec.Name, i)
		}
	}
	if m.Place(g.Loss, make([]F, 1), false) || m.Place(g.Input, make([]F, len(g.Input.Value().Data().([]F))), false) {
		t.Errorf("%s: a scalar, or an input, may be placed", spec.Name)
	}
	for range 2 {
		var placed [][]F
		for i, n := range g.Grads {
			to := make([]F, len(want[i]))
			for j := range to {
				to[j] = F(math.NaN())
			}
			if placed = append(placed, to); !m.Place(n, to, false) {
				t.Errorf("%s: gradient %d cannot be placed", spec.Name, i)
			}
		}
		run()
		for i := range want {
			if !slices.Equal(placed[i], want[i]) {
				t.Errorf("%s, %v: gradient %d is not where it was placed", spec.Name, spec.Dtype, i)
			}
		}
	}
	added := 0
	for i, n := range g.Grads {
		to := make([]F, len(want[i]))
		for j := range to {
			to[j] = F(j%10) + 0.1
		}
		if !m.Place(n, to, true) {
			continue
		}
		added++
		run()
		for j := range to {
			if sum := F(j%10) + 0.1 + want[i][j]; to[j] != sum {
				t.Errorf("%s: gradient %d was not added: %g, want %g", spec.Name, i, to[j], sum)
				break
			}
		}
	}
	if dense := map[string]int{"mlp": 2}[spec.Name]; added < dense {
		t.Errorf("%s: %d gradients were added, want %d", spec.Name, added, dense)
	}
	for i, n := range g.Grads {
		m.Place(n, own[i], false)
	}
	run()
	for i := range want {
		if !slices.Equal(own[i], want[i]) {
			t.Errorf("%s: gradient %d is not the machine's own again", spec.Name, i)
		}
	}
}

// A gradient that the graph goes on with cannot be added to anything but can be
// placed, and then what comes of it is right.
func TestAGradientInUseIsNotAdded(t *testing.T) {
	for _, used := range []bool{false, true} {
		g := G.NewGraph()
		x := bind(t, g, tensor.Float64, "x", []int{2, 2}, 1, 2, 3, 4)
		w := bind(t, g, tensor.Float64, "w", []int{2, 2}, 1, 0, 0, 1)
		d := gradient(t, G.Must(G.Sum(G.Must(G.Square(G.Must(G.Mul(x, w)))))), w)[0]
		results := G.Nodes{d}
		if used {
			results = append(results, G.Must(G.Neg(d)))
		}
		m, err := vm.New(g, vm.Config{Workers: 1, Results: results})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		sum := []float64{1, 1, 1, 1}
		if onto := m.Place(d, sum, true); onto == used || !onto && !m.Place(d, sum, false) {
			t.Errorf("in use %v: added %v", used, onto)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		want := []float64{20, 28, 28, 40} // 2 xT x
		if used {
			equal(t, "what comes of it", numbers(m.Value(results[1])), []float64{-20, -28, -28, -40})
		} else {
			want = []float64{21, 29, 29, 41}
		}
		equal(t, "the gradient", sum, want)
	}
}

// Only the product of a transposed matrix is added, of terms that one block of the
// kernels takes. To place it again and again takes no memory.
func TestWhatProductsAreAdded(t *testing.T) {
	for _, c := range []struct {
		rows    int
		weights bool // the gradient of w, else of x
		added   bool
	}{{320, true, true}, {321, true, false}, {3, true, true}, {3, false, false}} {
		g := G.NewGraph()
		x := bind(t, g, tensor.Float64, "x", []int{c.rows, 3}, make([]float64, 3*c.rows)...)
		w := bind(t, g, tensor.Float64, "w", []int{3, 2}, make([]float64, 6)...)
		of := x
		if c.weights {
			of = w
		}
		d := gradient(t, G.Must(G.Sum(G.Must(G.Square(G.Must(G.Mul(x, w)))))), of)[0]
		m := run(t, g, d)
		var to any = make([]float64, of.Shape().TotalSize())
		if added := m.Place(d, to, true); added != c.added {
			t.Errorf("%+v: added %v", c, added)
		}
		if n := testing.AllocsPerRun(1, func() {
			for range 1000 {
				m.Place(d, to, false)
			}
		}); n != 0 {
			t.Errorf("%+v: %v allocations", c, n)
		}
	}
}

// A sum that goes through a bias or an activation in the same instruction is not
// added to anything: what comes after it is not for what was there before.
func TestASumWithABiasIsNotAdded(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float64, "x", []int{2, 2}, 1, 2, 3, 4)
	w := bind(t, g, tensor.Float64, "w", []int{2, 2}, 1, 0, 0, 1)
	d := gradient(t, G.Must(G.Sum(G.Must(G.Square(G.Must(G.Mul(x, w)))))), w)[0] // 20, 28, 28, 40
	plus := G.Must(ops.AddBias(d, bind(t, g, tensor.Float64, "b", []int{2}, -25, 1)))
	for result, want := range map[*G.Node][]float64{plus: {-5, 29, 3, 41}, G.Must(G.Rectify(plus)): {0, 29, 3, 41}} {
		m := run(t, g, result)
		to := []float64{-100, 100, 100, 100}
		if m.Place(result, to, true) {
			t.Errorf("%v may be added", result)
		}
		if !m.Place(result, to, false) {
			t.Errorf("%v may not be placed", result)
		}
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		equal(t, result.String(), to, want)
	}
}

// TestAPlacedResultMadeAnInput is read as it was, bound or lent, though the run
// writes there.
func TestAPlacedResultMadeAnInput(t *testing.T) {
	g := G.NewGraph()
	x := bind(t, g, tensor.Float32, "x", []int{2, 2}, 0, 0, 0, 0)
	y := G.Must(G.Square(x))
	z := G.Must(G.Mul(y, x))
	for _, lent := range []bool{false, true} {
		m := run(t, g, y, z)
		state, input := []float32{1, 2, 3, 4}, x
		m.Place(y, state, false)
		if !lent {
			if err := G.Let(x, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(state))); err != nil {
				t.Fatal(err)
			}
			input = nil
		}
		if err := m.RunOn(input, state); err != nil {
			t.Fatal(err)
		}
		equal(t, "squares times x", numbers(m.Value(z)), []float64{1 + 12, 2 + 16, 9 + 48, 18 + 64})
		if !slices.Equal(state, []float32{1, 4, 9, 16}) {
			t.Errorf("lent %v: the squares are %v", lent, state)
		}
	}
}
