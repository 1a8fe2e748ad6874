package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
	"symgrad/train/vm"
)

// TestDropout: what is kept is divided by 1-p, also a 0, and so is its gradient;
// in evaluation both pass. Gorgonia divides the gradient by p and counts 0 as
// dropped.
func TestDropout(t *testing.T) {
	for dtype, tolerance := range both {
		g := G.NewGraph()
		x := bind(t, g, dtype, "x", []int{5}, 1, 2, 3, 0, -4)
		y := G.Must(G.Dropout(x, 0.2))
		draws, drawn := []float64{0.1, 0.9, 0.79, 0.5, 0.81}, 0
		*stock.Decode(y.Op()).(stock.Dropout).Draw = func() float64 {
			draws = append(draws[1:], draws[0])
			drawn++
			return draws[len(draws)-1]
		}
		dy := bind(t, g, dtype, "dy", []int{5}, 4, 8, 12, 16, 20)
		dx := gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(y, dy)))), x)[0]
		for _, eval := range []bool{false, true} {
			m, err := vm.New(g, vm.Config{Results: G.Nodes{y, dx}, EvalMode: eval, Verify: true})
			if err != nil {
				t.Fatal(err)
			}
			wantY, wantDx := []float64{1.25, 0, 3.75, 0, 0}, []float64{5, 0, 15, 20, 0}
			if eval {
				wantY, wantDx = []float64{1, 2, 3, 0, -4}, []float64{4, 8, 12, 16, 20}
			}
			for range 2 {
				if err := m.RunAll(); err != nil {
					t.Fatal(err)
				}
				if got := numbers(m.Value(y)); apart(got, wantY, 0) > tolerance {
					t.Errorf("%v, evaluation %v: %v, want %v", dtype, eval, got, wantY)
				}
				if got := numbers(m.Value(dx)); apart(got, wantDx, 0) > tolerance {
					t.Errorf("%v, evaluation %v: gradient %v, want %v", dtype, eval, got, wantDx)
				}
				for _, n := range []*G.Node{y, dx} { // a result is its reader's until the next run
					if err := fill(m.Value(n).Data(), []float64{7, 7, 7, 7, 7}); err != nil {
						t.Fatal(err)
					}
				}
			}
			m.Close()
			if drawn != 10 {
				t.Errorf("%v, evaluation %v: %d draws for two runs in training", dtype, eval, drawn)
			}
		}
	}
}

// TestDropoutDrawsAnew drops other numbers in every run, about as many as asked.
func TestDropoutDrawsAnew(t *testing.T) {
	g := G.NewGraph()
	ones := make([]float64, 4000)
	for i := range ones {
		ones[i] = 1
	}
	y := G.Must(G.Dropout(bind(t, g, tensor.Float64, "x", []int{len(ones)}, ones...), 0.25))
	m := run(t, g, y)
	before := numbers(m.Value(y))
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	now := numbers(m.Value(y))
	if same(before, now) {
		t.Error("two runs dropped the same")
	}
	zeros := 0
	for _, v := range append(before, now...) {
		if v == 0 {
			zeros++
		}
	}
	if zeros < 1700 || zeros > 2300 { // 2000 with a deviation of 39
		t.Errorf("%d of %d dropped", zeros, 2*len(ones))
	}
}

// TestBatchNormInEvaluation normalises by the running statistics, and the
// gradient is dy/deviation: on images too, where Gorgonia's takes the variance
// for 0.
func TestBatchNormInEvaluation(t *testing.T) {
	for dtype, tolerance := range both {
		for _, shape := range [][]int{{2, 2}, {1, 2, 1, 2}} {
			g := G.NewGraph()
			x := bind(t, g, dtype, "x", shape, 1, 2, 3, 6)
			row := make([]int, len(shape))
			for i := range row {
				row[i] = 1
			}
			row[1] = 2
			y, _, _, op, err := G.BatchNorm(x, bind(t, g, dtype, "scale", row, 1, 1), bind(t, g, dtype, "shift", row, 0, 0), 0.5, 1)
			if err != nil {
				t.Fatal(err)
			}
			dx := gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(y, bind(t, g, dtype, "dy", shape, 4, 8, 12, 16))))), x)[0]
			m, err := vm.New(g, vm.Config{Results: G.Nodes{y, dx}, EvalMode: true, Verify: true})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			mean, _ := valueOf(dtype, []float64{1, 2}, []int{2})
			variance, _ := valueOf(dtype, []float64{3, 15}, []int{2})
			if err := op.SetStats(mean.(tensor.Tensor), variance.(tensor.Tensor)); err != nil {
				t.Fatal(err)
			}
			if err := m.RunAll(); err != nil {
				t.Fatal(err)
			}
			wantY, wantDx := []float64{0, 0, 1, 1}, []float64{2, 2, 6, 4}
			if len(shape) == 4 {
				wantY, wantDx = []float64{0, 0.5, 0.25, 1}, []float64{2, 4, 3, 4}
			}
			if got := numbers(m.Value(y)); apart(got, wantY, 0) > tolerance {
				t.Errorf("%v of %v: %v, want %v", dtype, shape, got, wantY)
			}
			if got := numbers(m.Value(dx)); apart(got, wantDx, 0) > tolerance {
				t.Errorf("%v of %v: gradient %v, want %v", dtype, shape, got, wantDx)
			}
		}
	}
}

// TestOneNormalisationTwice: where one operator stands at two nodes, each
// gradient is that of its own batch. The gradient of y by x is known to vanish
// against y itself; the second batch is the first doubled, and its gradient half.
func TestOneNormalisationTwice(t *testing.T) {
	g := G.NewGraph()
	x, z := bind(t, g, tensor.Float64, "x", []int{3, 1}, 1, 2, 6), bind(t, g, tensor.Float64, "z", []int{3, 1}, 2, 4, 12)
	one, zero := bind(t, g, tensor.Float64, "one", []int{1, 1}, 1), bind(t, g, tensor.Float64, "zero", []int{1, 1}, 0)
	y, _, _, op, err := G.BatchNorm(x, one, zero, 0.5, 0)
	if err != nil {
		t.Fatal(err)
	}
	again, err := G.ApplyOp(op, z)
	if err != nil {
		t.Fatal(err)
	}
	w := bind(t, g, tensor.Float64, "w", []int{3, 1}, 1, 0, 0)
	d := gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(w, G.Must(G.Add(y, again)))))), x, z)
	m := run(t, g, d...)
	dx, dz := numbers(m.Value(d[0])), numbers(m.Value(d[1]))
	for i := range dz {
		dz[i] *= 2
	}
	equal(t, "twice the second gradient", dz, dx)
	if dx[0] < 0.1 {
		t.Errorf("gradient %v", dx)
	}
}
