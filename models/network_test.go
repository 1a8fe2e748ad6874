package models_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models"
)

func ExampleTutorial() {
	net, err := models.Tutorial().New(models.NewRand(1))
	fmt.Println(net, err)
	// Output:
	// tutorial: input 1x28x28
	//   conv1        conv 10@5x5            10x24x24         260 parameters
	//   sigmoid1     sigmoid                10x24x24
	//   pool1        max-pool 2x2           10x12x12
	//   flatten1     flatten                1440
	//   fc1          dense 128              128           184448 parameters
	//   sigmoid2     sigmoid                128
	//   fc2          dense 10               10              1290 parameters
	//   loss: softmax cross-entropy; 185998 parameters <nil>
}

func ExampleLeNet() {
	net, err := models.LeNet().New(models.NewRand(1))
	for _, p := range net.Params {
		fmt.Println(p.Name, p.Shape)
	}
	fmt.Println(err)
	// Output:
	// conv1.weight [32 1 3 3]
	// conv1.bias [32]
	// conv2.weight [64 32 3 3]
	// conv2.bias [64]
	// fc1.weight [1600 128]
	// fc1.bias [128]
	// fc2.weight [128 10]
	// fc2.bias [10]
	// <nil>
}

func TestMismatchesNameTheLayerAndShapes(t *testing.T) {
	image := []int{1, 6, 5}
	for want, spec := range map[string]models.Spec{
		"layer 1, fc1 (dense 3): input [1 6 5], want a vector":                   models.Sequential(image, models.Dense{Out: 3}),
		"layer 2, conv1 (conv 2@3x3): input [30], want an image":                 models.Sequential(image, models.Flatten{}, models.Conv2D{Maps: 2, Kernel: 3}),
		"layer 1, conv1 (conv 2@6x6): kernel 6x6 is larger than the image 6x5":   models.Sequential(image, models.Conv2D{Maps: 2, Kernel: 6}),
		"conv1 (conv 2@2x2 same): kernel 2x2: same padding needs an odd kernel":  models.Sequential(image, models.Conv2D{Maps: 2, Kernel: 2, Same: true}),
		"layer 2, pool1 (max-pool 4x4): window 4x4 is larger than the image 4x3": models.Sequential(image, models.Conv2D{Maps: 2, Kernel: 3}, models.MaxPool{Size: 4}),
		"pool1 (mean-pool 0x0): window 0x0: size and stride must be positive":    models.Sequential(image, models.MeanPool{}),
		"fc1 (dense 0): 0 outputs":                                               models.Sequential([]int{3}, models.Dense{}),
		"dropout1 (dropout 1): drop probability 1":                               models.Sequential([]int{3}, models.Dropout{Drop: 1}, models.Dense{Out: 1}),
		"output [2 4 3] of the last layer, conv1, is no vector":                  models.Sequential(image, models.Conv2D{Maps: 2, Kernel: 3}),
		"softmax cross-entropy includes the softmax":                             models.Sequential([]int{3}, models.Dense{Out: 2}, models.Softmax()),
		"has no layers":     models.Sequential([]int{3}),
		"layer 1 is nil":    models.Sequential([]int{3}, nil),
		"input shape [3 3]": models.Sequential([]int{3, 3}, models.Dense{Out: 2}),
		"has no loss":       {Name: "x", Input: []int{1}, Layers: []models.Layer{models.Dense{Out: 1}}},
	} {
		_, err := spec.New(models.NewRand(1))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := models.MLP(3, 2).New(models.NewRand(1)); err != nil {
		t.Error(err)
	}
}

// The same weights serve a training graph, an evaluation graph and a prediction.
func TestGraphsShareWeights(t *testing.T) {
	net, err := models.Neuron(2).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	small, err := net.Forward(1)
	if err != nil {
		t.Fatal(err)
	}
	large, err := net.Training(3)
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Params[0].Set([]float64{5, -7}); err != nil {
		t.Fatal(err)
	}
	for _, g := range []models.Graph{small.Graph, large.Graph} {
		if diff := cmp.Diff(g.Params[0].Value().Data(), any([]float64{5, -7})); diff != "" {
			t.Error(diff)
		}
	}
	if small.Params[0].Value() == large.Params[0].Value() {
		t.Error("two graphs share one tensor header, which is a data race")
	}
}

func TestEvaluationHasNoDropout(t *testing.T) {
	net, err := models.Sequential([]int{4}, models.Dropout{Drop: 0.5}, models.Dense{Out: 2}).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	forward, err := net.Forward(2)
	if err != nil {
		t.Fatal(err)
	}
	evaluation, err := net.Evaluation(2)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []models.Graph{forward.Graph, evaluation.Graph} {
		if g.Layers[0] != g.Input {
			t.Errorf("dropout gives %v, want its input", g.Layers[0])
		}
	}
	if g, err := net.Training(2); err != nil || len(g.Masks) != 1 || g.Masks[0].Drop != 0.5 {
		t.Errorf("training: %v, %v", g.Masks, err)
	}
	if _, err := net.Training(0); err == nil {
		t.Error("a batch of no examples was built")
	}
}

// A layer that asks for a mask where nobody would fill it is an error.
type masked struct{ models.Flatten }

func (masked) Apply(b *models.Builder, x *G.Node, _ G.Nodes) (*G.Node, error) { return b.Mask(x, 0.5) }

func TestMasksAreForTraining(t *testing.T) {
	net, err := models.Sequential([]int{4}, masked{}, models.Dense{Out: 2}).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Training(1); err != nil {
		t.Error(err)
	}
	if _, err := net.Evaluation(1); err == nil || !strings.Contains(err.Error(), "flatten1: a mask") {
		t.Errorf("evaluation: %v", err)
	}
}

// A panic while a layer builds becomes an error that names it.
type panicking struct{ models.Flatten }

func (panicking) Apply(*models.Builder, *G.Node, G.Nodes) (*G.Node, error) { panic("boom") }

func TestPanicsBecomeErrors(t *testing.T) {
	net, err := models.Sequential([]int{4}, panicking{}, models.Dense{Out: 2}).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Forward(1); err == nil || !strings.Contains(err.Error(), "flatten1: boom") {
		t.Errorf("got %v", err)
	}
}

func TestAsKeepsValuesAndSharesNothing(t *testing.T) {
	net, err := models.MLP(3, 4, 2).New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	double, err := net.As(tensor.Float64)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(net.Params[0].Float64s(), double.Params[0].Float64s()); diff != "" || double.Params[0].Dtype() != tensor.Float64 || !double.Params[1].Bias {
		t.Error(diff)
	}
	if err := double.Params[0].Set(make([]float64, 12)); err != nil || net.Params[0].Float64s()[0] == 0 {
		t.Error("the copy shares its weights")
	}
	if err := double.Params[0].Set([]float64{1}); err == nil {
		t.Error("one value was taken for twelve")
	}
}

func TestWithActivationLeavesTheOutput(t *testing.T) {
	spec := models.TwoLayers(2, 3, 1).WithActivation(models.Tanh())
	if fmt.Sprint(spec.Layers) != "[dense 3 no-bias tanh dense 1 no-bias sigmoid]" {
		t.Error(spec.Layers)
	}
	if _, err := models.ActivationByName("swish"); err == nil {
		t.Error("an activation that is not there was found")
	}
}

func variance(w []float64) (mean, variance float64) {
	for _, v := range w {
		mean += v / float64(len(w))
	}
	for _, v := range w {
		variance += (v - mean) * (v - mean) / float64(len(w))
	}
	return mean, variance
}

// Each strategy's mean and variance, and the bounds of the uniform ones.
func TestInitialisations(t *testing.T) {
	fan := models.Fan{In: 300, Out: 200, Shape: []int{300, 200}}
	in, out := 300.0, 200.0
	for name, want := range map[string]struct{ variance, bound float64 }{
		"zeros": {0, 0}, "uniform": {1. / 3, 1}, "normal": {1e-4, 0}, "lecun": {1 / in, 0},
		"glorot-uniform": {2 / (in + out), math.Sqrt(6 / (in + out))}, "glorot-normal": {2 / (in + out), 0},
		"he-uniform": {2 / in, math.Sqrt(6 / in)}, "he-normal": {2 / in, 0},
		"tutorial":   {2 / (in + out), math.Sqrt(6 / (in + out))},
		"orthogonal": {1 / in, 0},
	} {
		i, err := models.InitByName(name)
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float64, 60000)
		i.Weight(models.NewRand(3), fan, w)
		mean, v := variance(w)
		if !(math.Abs(mean) <= 0.02*math.Sqrt(want.variance)) || !(math.Abs(v-want.variance) <= 0.02*want.variance) {
			t.Errorf("%s: mean %g, variance %g, want 0 and %g", name, mean, v, want.variance)
		}
		for _, x := range w {
			if want.bound > 0 && !(math.Abs(x) <= want.bound) {
				t.Fatalf("%s: %g is beyond %g", name, x, want.bound)
			}
		}
	}
	if _, err := models.InitByName("xavier"); err == nil {
		t.Error("a strategy that is not there was found")
	}
	w := make([]float64, 3)
	if models.Constant(0.25).Weight(nil, fan, w); w[1] != 0.25 {
		t.Error(w)
	}
	named, err := models.InitByName("constant")
	if err != nil {
		t.Fatal(err)
	}
	if named.Weight(nil, fan, w); w[2] != 0.1 {
		t.Error(w)
	}
}

func TestTutorialInit(t *testing.T) {
	i := models.TutorialInit()
	fan := models.Fan{In: 25, Out: 250, Shape: []int{10, 1, 5, 5}}
	w, b := make([]float64, 250), make([]float64, 10)
	r := models.NewRand(1)
	i.Weight(r, fan, w)
	i.Bias(r, fan, b)
	bound := 1 / math.Sqrt(10*25)
	largest := 0.0
	for _, v := range w {
		largest = max(largest, math.Abs(v))
	}
	if largest > bound || largest < 0.9*bound {
		t.Errorf("largest weight %g, bound %g", largest, bound)
	}
	for _, v := range b {
		if !(math.Abs(v) <= 0.5) || v == 0 {
			t.Errorf("bias %g", v)
		}
	}
}

func TestOrthogonal(t *testing.T) {
	for _, shape := range [][]int{{5, 3}, {3, 5}, {4, 4}, {2, 1, 2, 2}, {1, 7}} {
		size := 1
		for _, d := range shape {
			size *= d
		}
		w := make([]float64, size)
		models.Orthogonal().Weight(models.NewRand(2), models.Fan{Shape: shape}, w)
		rows, cols := shape[0], size/shape[0]
		for i := range min(rows, cols) {
			for j := range min(rows, cols) {
				dot, want := 0.0, 0.0
				for k := range max(rows, cols) {
					if rows < cols {
						dot += w[i*cols+k] * w[j*cols+k]
					} else {
						dot += w[k*cols+i] * w[k*cols+j]
					}
				}
				if i == j {
					want = 1
				}
				if !(math.Abs(dot-want) <= 1e-12) {
					t.Errorf("%v: vectors %d and %d have the product %g", shape, i, j, dot)
				}
			}
		}
	}
}

// numpy.random.seed(1); 2*numpy.random.random((3, 1)) - 1
func TestNumPysStream(t *testing.T) {
	w := make([]float64, 3)
	models.Uniform(-1, 1).Weight(models.NewNumPyRand(1), models.Fan{}, w)
	for i, want := range []float64{-0.16595599, 0.44064899, -0.99977125} {
		if !(math.Abs(w[i]-want) <= 5e-9) {
			t.Errorf("weight %d is %.9f, want %.8f", i, w[i], want)
		}
	}
}

func TestNormalNumbers(t *testing.T) {
	r := models.NewRand(1)
	inside, n := 0, 100000
	for range n {
		if math.Abs(r.NormFloat64()) < 1 {
			inside++
		}
	}
	if share := float64(inside) / float64(n); !(math.Abs(share-0.6827) <= 0.005) {
		t.Errorf("%.4f of the numbers are within one standard deviation, want 0.6827", share)
	}
}
