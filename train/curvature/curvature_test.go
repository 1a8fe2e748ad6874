package curvature_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train/curvature"
	"symgrad/train/vm"
)

// multiply is v -> m v.
func multiply(m mat.Symmetric) func(v []float64) ([]float64, error) {
	return func(v []float64) ([]float64, error) {
		var out mat.VecDense
		out.MulVec(m, mat.NewVecDense(len(v), v))
		return out.RawVector().Data, nil
	}
}

// With as many steps as numbers all eigenvalues come out; with fewer, each is as
// near to one as Error says, and its vector has the length 1.
func TestLargestOfRandomMatrices(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 1 + r.IntN(40)
		m := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				m.SetSym(i, j, r.NormFloat64())
			}
		}
		var e mat.EigenSym
		e.Factorize(m, false)
		want := e.Values(nil)
		for _, steps := range []int{n, 1 + n/2} {
			got, err := curvature.Largest(1+n/4, n, steps, seed, multiply(m))
			if err != nil {
				t.Fatal(err)
			}
			for i, g := range got {
				if d := math.Abs(g.Value - want[n-1-i]); steps == n && d > 1e-11*float64(n) {
					t.Errorf("%d numbers: eigenvalue %d is %v, want %v", n, i+1, g.Value, want[n-1-i])
				}
				residual, _ := multiply(m)(g.Vector)
				floats.AddScaled(residual, -g.Value, g.Vector)
				if d := math.Abs(floats.Norm(residual, 2) - g.Error); d > 1e-11*float64(n) || !(math.Abs(floats.Norm(g.Vector, 2)-1) <= 1e-12) {
					t.Errorf("%d numbers, %d steps: eigenvalue %d within %v, want %v", n, steps, i+1, g.Error, floats.Norm(residual, 2))
				}
			}
		}
	}
}

// The identity has an invariant subspace at once: one pair is all that one start
// can find.
func TestLargestOfTheIdentity(t *testing.T) {
	got, err := curvature.Largest(3, 5, 5, 1, func(v []float64) ([]float64, error) { return append([]float64(nil), v...), nil })
	if err != nil || len(got) != 1 || !(math.Abs(got[0].Value-1) <= 1e-15) {
		t.Errorf("%v, %v", got, err)
	}
}

// A product may write to its argument, and give it, or the same memory each time.
func TestLargestOfProductsInPlace(t *testing.T) {
	diagonal := []float64{4, 3, 2, 1}
	buffer := make([]float64, 4)
	for name, product := range map[string]func(v []float64) ([]float64, error){
		"the argument": func(v []float64) ([]float64, error) {
			floats.Mul(v, diagonal)
			return v, nil
		},
		"one buffer": func(v []float64) ([]float64, error) { return floats.MulTo(buffer, v, diagonal), nil },
	} {
		got, err := curvature.Largest(4, 4, 4, 1, product)
		if err != nil || len(got) != 4 {
			t.Fatal(name, got, err)
		}
		for i, g := range got {
			if !(math.Abs(g.Value-diagonal[i]) <= 1e-12) || !(math.Abs(math.Abs(g.Vector[i])-1) <= 1e-12) {
				t.Errorf("%s: %v", name, g)
			}
		}
	}
}

func TestLargestErrors(t *testing.T) {
	nan := func(v []float64) ([]float64, error) { return []float64{math.NaN(), 0}, nil }
	if _, err := curvature.Largest(1, 2, 2, 1, nan); err == nil || !strings.Contains(err.Error(), "product 1 is not finite") {
		t.Error(err)
	}
	short := func(v []float64) ([]float64, error) { return v[:1], nil }
	if _, err := curvature.Largest(1, 2, 2, 1, short); err == nil || !strings.Contains(err.Error(), "a product of 1 numbers, want 2") {
		t.Error(err)
	}
	for _, k := range []int{0, 3} {
		if _, err := curvature.Largest(k, 2, 5, 1, nan); err == nil {
			t.Errorf("%d eigenvalues of two numbers", k)
		}
	}
}

// A loss with a penalty on its own gradient by the input, differentiated again.
func TestPenaltysGradient(t *testing.T) {
	for name, spec := range networks() {
		spec.Dtype, spec.Init = tensor.Float64, models.GlorotUniform()
		net, err := spec.New(models.NewRand(5))
		if err != nil {
			t.Fatal(err)
		}
		if net.Size() > 1000 {
			continue
		}
		g, err := net.Evaluation(2)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(4, 4))
		input := g.Input.Value().Data().([]float64)
		copy(input, draw(r, len(input)))
		penalty, err := curvature.Penalty(0.7, g.Loss, g.Input)
		if err != nil {
			t.Fatal(err)
		}
		loss, err := curvature.Compile(G.Must(G.Add(g.Loss, penalty)), g.Params, vm.Config{Workers: 1, Verify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer loss.Close()
		_, gradient, err := loss.Gradient()
		if err != nil {
			t.Fatal(err)
		}
		v, at := draw(r, loss.Len()), loss.Point()
		value := func(h float64) float64 {
			to := append([]float64(nil), at...)
			floats.AddScaled(to, h, v)
			if err := loss.Move(to); err != nil {
				t.Fatal(err)
			}
			now, _, err := loss.Gradient()
			if err != nil {
				t.Fatal(err)
			}
			return now
		}
		const h = 1e-4
		wide, narrow := (value(h)-value(-h))/(2*h), (value(h/2)-value(-h/2))/h
		if got, want := floats.Dot(gradient, v), (4*narrow-wide)/3; !(math.Abs(got-want) <= 1e-8*max(1, math.Abs(want))) {
			t.Errorf("%s: %v, differences give %v", name, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, G.Float64, G.WithShape(2), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking([]float64{1, 2}))))
	empty := G.NewVector(g, G.Float64, G.WithShape(2), G.WithName("y"))
	square := G.Must(G.Square(x))
	sum := G.Must(G.Sum(square))
	view := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	if err := view.T(); err != nil {
		t.Fatal(err)
	}
	turned := G.NewMatrix(g, G.Float64, G.WithShape(3, 2), G.WithName("z"), G.WithValue(view))
	ofTurned := G.Must(G.Sum(G.Must(G.Cube(turned))))
	if _, err := curvature.Penalty(1, sum); err == nil {
		t.Error("a penalty by nothing")
	}
	for _, c := range []struct {
		loss   *G.Node
		params G.Nodes
	}{{sum, G.Nodes{empty}}, {sum, G.Nodes{square}}, {square, G.Nodes{x}}, {sum, nil}, {sum, G.Nodes{nil}}, {sum, G.Nodes{x, x}}, {ofTurned, G.Nodes{turned}}} {
		if _, err := curvature.Compile(c.loss, c.params, vm.Config{}); err == nil {
			t.Errorf("%v by %v: no error", c.loss, c.params)
		}
	}
	net, err := models.Neuron(3).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]int{{2, 1}, {3, 0}, {6, 1}} {
		if _, err := curvature.Of(net, make([]float64, c[0]), make([]float64, c[1]), vm.Config{}); err == nil {
			t.Errorf("%d numbers and %d targets: no error", c[0], c[1])
		}
	}
	loss, err := curvature.Compile(sum, G.Nodes{x}, vm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer loss.Close()
	if _, err := loss.HessianVector([]float64{1}); err == nil {
		t.Error("a vector that is too short")
	}
	if err := loss.Move(make([]float64, 3)); err == nil {
		t.Error("a point that is too long")
	}
}
