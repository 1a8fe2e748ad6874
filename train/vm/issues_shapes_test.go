package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

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

// A tensor cut into parts along any axis, of more than two axes too, and put
// together again is itself, and so are the gradients.
func TestIssue406UnconcatAndConcat(t *testing.T) {
	values := make([]float64, 2*4*3)
	for i := range values {
		values[i] = float64(i*i) - 20
	}
	for axis, parts := range []int{2, 2, 3} {
		g := G.NewGraph()
		x := input(t, g, "x", []int{2, 4, 3}, values...)
		cut, err := G.Unconcat(x, axis, parts)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range cut { // slices of length 1 lose their axis
			shape := x.Shape().Clone()
			shape[axis] /= parts
			cut[i] = G.Must(G.Reshape(part, shape))
		}
		y := G.Must(G.Concat(axis, cut...))
		dx := gradient(t, G.Must(G.Sum(G.Must(G.HadamardProd(y, x)))), x)[0]
		m := run(t, g, y, dx)
		twice := make([]float64, len(values))
		for i, v := range values {
			twice[i] = 2 * v
		}
		near(t, "put together", m.Value(y), values...)
		near(t, "gradient", m.Value(dx), twice...)
	}
}

// Max had no Do. A vector is compared with its own maximum.
func TestIssue266MaxOfAVector(t *testing.T) {
	g := G.NewGraph()
	x := input(t, g, "x", []int{5}, 0.1, 0.2, 0.3, 0.3, 0.1)
	top := G.Must(G.Max(x))
	z := G.Must(G.Gte(x, top, true))
	ran(t, g)
	near(t, "at its maximum", z.Value(), 0, 0, 1, 1, 0)
}
