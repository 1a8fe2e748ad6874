package inspect_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/diff/fd"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/inspect"
)

func network(t *testing.T, spec models.Spec, dtype tensor.Dtype) *models.Network {
	t.Helper()
	spec.Dtype = dtype
	net, err := spec.New(models.NewRand(7))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func inspector(t *testing.T, net *models.Network, machine train.Backend) *inspect.Inspector {
	t.Helper()
	i, err := inspect.New(net, machine)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

func noise(n int) []float64 {
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.Float64()
	}
	return x
}

func look(t *testing.T, i *inspect.Inspector, x []float64, class int) inspect.View {
	t.Helper()
	v, err := i.At(x, class)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The saliency is the slope of the chosen logit, by gonum's central differences.
func TestSaliencyIsTheSlopeOfTheLogit(t *testing.T) {
	smooth := models.Sequential([]int{2, 7, 6}, models.Conv2D{Maps: 3, Kernel: 3}, models.Tanh(), models.MeanPool{Size: 2},
		models.Conv2D{Maps: 4, Kernel: 2}, models.Sigmoid(), models.Flatten{}, models.Dense{Out: 4})
	for _, spec := range []models.Spec{smooth, models.MLP(9, 5, 3).WithActivation(models.Tanh()), models.Small()} {
		t.Run(spec.Name, func(t *testing.T) {
			i := inspector(t, network(t, spec, tensor.Float64), nil)
			size := 1
			for _, d := range spec.Input {
				size *= d
			}
			x, every := noise(size), 1
			if size > 100 {
				every = 31 // every input of the small ones alone
			}
			for class := range 3 {
				v := look(t, i, x, class)
				for k := 0; k < size; k += every {
					logit := func(at float64) float64 {
						moved := slices.Clone(x)
						moved[k] = at
						return look(t, i, moved, class).Logits[class]
					}
					want := fd.Derivative(logit, x[k], &fd.Settings{Formula: fd.Central, Step: 1e-6})
					if !(math.Abs(v.Saliency[k]-want) <= 1e-7) {
						t.Fatalf("output %d, pixel %d: slope %g, finite difference %g", class, k, v.Saliency[k], want)
					}
				}
			}
		})
	}
}

// The answer, its layers and its slope do not depend on the machine, and the
// answer is train.Predict's.
func TestViewAgreesWithPredictAndTapeMachine(t *testing.T) {
	net := network(t, models.Small(), tensor.Float64)
	x := noise(784)
	own := look(t, inspector(t, net, train.OwnVM(1)), x, inspect.Answer)
	tape := look(t, inspector(t, net, train.TapeMachine()), x, inspect.Answer)
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(1+math.Abs(a)) })
	if diff := cmp.Diff(tape, own, near); diff != "" {
		t.Errorf("TapeMachine and own machine differ: %s", diff)
	}
	p, err := train.Predict(net, x)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, train.Prediction{Class: own.Class, Probabilities: own.Probabilities}, near); diff != "" {
		t.Errorf("Predict says otherwise: %s", diff)
	}
	if own.Chosen != own.Class {
		t.Errorf("saliency of output %d, the answer is %d", own.Chosen, own.Class)
	}
	want := "[conv1 [8 24 24] relu1 [8 24 24] pool1 [8 12 12] conv2 [16 8 8] relu2 [16 8 8] pool2 [16 4 4] flatten1 [256] fc1 [10]]"
	var got []any
	for _, l := range own.Layers {
		got = append(got, l.Name, l.Shape)
		size := 1
		for _, d := range l.Shape {
			size *= d
		}
		if len(l.Values) != size {
			t.Errorf("%s: %d values for %v", l.Name, len(l.Values), l.Shape)
		}
	}
	if fmt.Sprint(got) != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
}

// A view belongs to its caller: later looks do not change it.
func TestViewsShareNothing(t *testing.T) {
	i := inspector(t, network(t, models.Small(), tensor.Float32), nil)
	x := noise(784)
	first, again := look(t, i, x, inspect.Answer), look(t, i, x, inspect.Answer)
	look(t, i, make([]float64, 784), 3)
	if diff := cmp.Diff(again, first); diff != "" {
		t.Error(diff)
	}
}

// Inspectors of one network work at the same time.
func TestInspectorsSideBySide(t *testing.T) {
	net := network(t, models.Small(), tensor.Float32)
	x := noise(784)
	want := look(t, inspector(t, net, nil), x, inspect.Answer)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			i, err := inspect.New(net, train.OwnVM(1))
			if err != nil {
				t.Error(err)
				return
			}
			defer i.Close()
			for range 5 {
				got, err := i.At(x, inspect.Answer)
				if err != nil || !reflect.DeepEqual(want, got) { // cmp.Equal takes twenty times as long as the answer
					t.Error(err, cmp.Diff(want, got))
				}
			}
		})
	}
	wg.Wait()
}

func TestWrongInputs(t *testing.T) {
	i := inspector(t, network(t, models.Small(), tensor.Float32), nil)
	for _, c := range []struct {
		numbers, class int
		want           string
	}{
		{783, inspect.Answer, "inspect: 783 numbers given, want 784"},
		{784, 10, "inspect: output 10 of 10: count from 0"},
		{784, -2, "inspect: output -2 of 10: count from 0"},
	} {
		if _, err := i.At(make([]float64, c.numbers), c.class); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
