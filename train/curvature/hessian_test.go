package curvature_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/models/gradcheck"
	"symgrad/train/curvature"
	"symgrad/train/vm"
)

// compiled is a network in float64 with a batch of its own, and its loss.
type compiled struct {
	*curvature.Loss
	net           *models.Network
	input, target []float64
	batch         int
}

func compile(t *testing.T, spec models.Spec, batch int) compiled {
	t.Helper()
	spec.Dtype, spec.L2 = tensor.Float64, 0.01
	spec.Init.Bias = models.Uniform(-0.5, 0.5).Weight
	if spec.Init.Weight == nil {
		spec.Init.Weight = models.GlorotUniform().Weight
	}
	net, err := spec.New(models.NewRand(5))
	if err != nil {
		t.Fatal(err)
	}
	size := 1
	for _, d := range spec.Input {
		size *= d
	}
	c := compiled{net: net, batch: batch, input: draw(rand.New(rand.NewPCG(6, 6)), batch*size), target: make([]float64, batch*net.Outputs())}
	for b := range batch {
		c.target[b*net.Outputs()+b%net.Outputs()] = 1
	}
	if c.Loss, err = curvature.Of(net, c.input, c.target, vm.Config{Workers: 1, Verify: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// draw gives n numbers of the normal distribution.
func draw(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func (c compiled) product(t *testing.T, v []float64) []float64 {
	t.Helper()
	hv, err := c.HessianVector(v)
	if err != nil {
		t.Fatal(err)
	}
	return hv
}

// byHand is H v by the R-operator of package reference.
func (c compiled) byHand(t *testing.T, v []float64) (hv []float64) {
	t.Helper()
	twin, err := gradcheck.Reference(c.net)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range twin.Params() {
		v = v[copy(p.Direction, v):]
	}
	if err := twin.HessianVector(c.input, c.target, c.batch); err != nil {
		t.Fatal(err)
	}
	for _, p := range twin.Params() {
		hv = append(hv, p.Product...)
	}
	return hv
}

// apart is the largest difference relative to the largest number.
func apart(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	return floats.Distance(a, b, math.Inf(1)) / max(1e-300, floats.Norm(b, math.Inf(1)))
}

func networks() map[string]models.Spec {
	image := func(layers ...models.Layer) models.Spec {
		return models.Sequential([]int{2, 7, 8}, append(layers, models.Flatten{}, models.Dense{Out: 3})...)
	}
	conv := models.Conv2D{Maps: 3, Kernel: 3}
	return map[string]models.Spec{
		"neuron":           models.Neuron(3),
		"neuron with bias": models.NeuronWithBias(3),
		"two layers":       models.TwoLayers(3, 4, 1),
		"mlp":              models.MLP(20, 8, 5),
		"tutorial":         models.Tutorial(),
		"relu, max-pool":   image(conv, models.ReLU(), models.MaxPool{Size: 2}),
		"tanh, mean-pool":  image(conv, models.Tanh(), models.MeanPool{Size: 3, Stride: 2}),
		"overlap":          image(conv, models.Sigmoid(), models.MaxPool{Size: 3, Stride: 2}, models.Conv2D{Maps: 2, Kernel: 2, NoBias: true}, models.LeakyReLU(0.1)),
		"same, stride":     image(models.Conv2D{Maps: 4, Kernel: 3, Same: true}, models.Tanh(), models.Conv2D{Maps: 3, Kernel: 3, Stride: 2}, models.Tanh()),
		"softmax, squares": {Name: "s", Input: []int{5}, Layers: []models.Layer{models.Dense{Out: 6}, models.Tanh(), models.Dense{Out: 4}, models.Softmax()}, Loss: models.HalfSquaredError()},
	}
}

// The symbolic product against the one by hand and against differences of the
// symbolic gradient, and its symmetry, which no step size blurs.
func TestHessianVector(t *testing.T) {
	for name, spec := range networks() {
		t.Run(name, func(t *testing.T) {
			c := compile(t, spec, 3)
			r := rand.New(rand.NewPCG(7, 8))
			u, v := draw(r, c.Len()), draw(r, c.Len())
			hv := c.product(t, v)
			if d := apart(hv, c.byHand(t, v)); d > 1e-12 {
				t.Errorf("%.2g apart from the product by hand", d)
			}
			step := 2e-3
			if strings.Contains(c.net.String(), "relu") || strings.Contains(c.net.String(), "max-pool") {
				step = 2e-6 // so near, no corner is crossed; rounding costs three digits
			}
			if d := apart(hv, c.differences(t, step, v)); d > 1e-12/step {
				t.Errorf("%.2g apart from differences", d)
			}
			a, b := floats.Dot(u, hv), floats.Dot(v, c.product(t, u))
			if d := math.Abs(a-b) / (floats.Norm(u, 2) * floats.Norm(hv, 2)); d > 1e-12 {
				t.Errorf("u.Hv = %v, v.Hu = %v", a, b)
			}
		})
	}
}

// differences of the gradient along v, extrapolated.
func (c compiled) differences(t *testing.T, step float64, v []float64) []float64 {
	t.Helper()
	at := c.Point()
	gradient := func(h float64) []float64 {
		to := append([]float64(nil), at...)
		floats.AddScaled(to, h, v)
		if err := c.Move(to); err != nil {
			t.Fatal(err)
		}
		_, g, err := c.Gradient()
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	slope := func(h float64) []float64 {
		d := gradient(h)
		floats.Sub(d, gradient(-h))
		floats.Scale(1/(2*h), d)
		return d
	}
	h := step / floats.Norm(v, math.Inf(1))
	wide, half, narrow := slope(h), slope(h/2), slope(h/4)
	if err := c.Move(at); err != nil {
		t.Fatal(err)
	}
	for i := range wide {
		first, second := (4*half[i]-wide[i])/3, (4*narrow[i]-half[i])/3
		wide[i] = (16*second - first) / 15
	}
	return wide
}

// dense is the whole Hessian, column by column.
func (c compiled) dense(t *testing.T) *mat.SymDense {
	n := c.Len()
	h := mat.NewSymDense(n, nil)
	for j := range n {
		e := make([]float64, n)
		e[j] = 1
		for i, v := range c.product(t, e)[:j+1] {
			h.SetSym(i, j, v)
		}
	}
	return h
}

func TestLargestOfANetwork(t *testing.T) {
	c := compile(t, models.MLP(4, 5, 3), 6)
	var e mat.EigenSym
	if !e.Factorize(c.dense(t), false) {
		t.Fatal("no eigenvalues")
	}
	values := e.Values(nil)
	top, err := curvature.Largest(3, c.Len(), 30, 1, c.HessianVector)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range top {
		if want := values[len(values)-1-i]; !(math.Abs(got.Value-want) <= 1e-8*values[len(values)-1]) || got.Error > 1e-3 {
			t.Errorf("eigenvalue %d: %v, within %.2g, want %v", i+1, got.Value, got.Error, want)
		}
	}
}
