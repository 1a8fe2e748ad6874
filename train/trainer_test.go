package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
)

// blobs are points around the corners of a square, the corner their class.
func blobs(n int) *data.Set {
	s := &data.Set{Name: "blobs", Shape: []int{2}, Classes: 4, Values: uniform(5, 2*n, 0.4)}
	for i := range n {
		s.Labels = append(s.Labels, i%4)
		s.Values[2*i] += float64(i % 2)
		s.Values[2*i+1] += float64(i / 2 % 2)
	}
	return s
}

func network(t *testing.T, spec models.Spec, seed uint64) *models.Network {
	t.Helper()
	net, err := spec.New(models.NewRand(seed))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func ExampleEpochs_neuron() {
	net, err := models.Neuron(3).New(models.NewNumPyRand(1))
	if err != nil {
		fmt.Println(err)
	}
	cfg := train.Config{Epochs: 10000, Batch: 4, Rate: 1}
	for _, err := range train.Epochs(context.Background(), net, truth.NeuronRows(), cfg) {
		if err != nil {
			fmt.Println(err)
		}
	}
	answer, err := train.Predict(net, []float64{1, 0, 0})
	fmt.Printf("%.8f %v\n", answer.Probabilities[0], err)
	// Output: 0.99993704 <nil>
}

func TestLearns(t *testing.T) {
	for _, o := range train.Optimizers() {
		spec := models.MLP(2, 16, 4)
		spec.Layers = append(spec.Layers[:2:2], append([]models.Layer{models.Dropout{Drop: 0.1}}, spec.Layers[2:]...)...)
		net := network(t, spec, 1)
		rate := 0.1
		if strings.HasPrefix(o.Name, "adam") || o.Name == "rmsprop" {
			rate = 0.01
		}
		var last train.Epoch
		for epoch, err := range train.Epochs(context.Background(), net, blobs(203), train.Config{Epochs: 20, Batch: 10, Rate: rate, Optimizer: o, Test: blobs(103)}) {
			if err != nil {
				t.Fatal(err)
			}
			last = epoch
		}
		if last.Test.Accuracy < 0.99 || len(last.Test.Answers) != 103 {
			t.Errorf("%s: %v", o.Name, last)
		}
	}
}

func TestSameSeedSameBits(t *testing.T) {
	run := func(seed uint64, workers int) [][]float64 {
		spec := models.Sequential([]int{2}, models.Dense{Out: 16}, models.Tanh(), models.Dropout{Drop: 0.2}, models.Dense{Out: 4})
		net := network(t, spec, 1)
		for _, err := range train.Epochs(context.Background(), net, blobs(57), train.Config{Epochs: 3, Batch: 8, Seed: seed, Machine: train.OwnVM(workers)}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		return weights(net)
	}
	if diff := cmp.Diff(run(1, 1), run(1, 2)); diff != "" {
		t.Error("same seed, other weights:", diff)
	}
	if cmp.Equal(run(1, 1), run(2, 1)) {
		t.Error("another seed gave the same weights")
	}
}

func TestBothMachinesTrainAlike(t *testing.T) {
	for dtype, tolerance := range map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 1e-5} {
		var ends [][][]float64
		for _, m := range []train.Backend{train.OwnVM(1), train.TapeMachine()} {
			spec := models.Sequential([]int{2}, models.Dense{Out: 16}, models.LeakyReLU(0.1), models.Dense{Out: 4})
			spec.Dtype, spec.L2 = dtype, 0.01
			net := network(t, spec, 1)
			for e, err := range train.Epochs(context.Background(), net, blobs(57), train.Config{Epochs: 2, Batch: 8, Machine: m, Test: blobs(57)}) {
				if err != nil {
					t.Fatal(e, err)
				}
			}
			ends = append(ends, weights(net))
		}
		for i := range ends[0] {
			for k := range ends[0][i] {
				if !(math.Abs(ends[0][i][k]-ends[1][i][k]) <= tolerance*(1+math.Abs(ends[1][i][k]))) {
					t.Errorf("%v: weight %d of parameter %d: own %v, tape %v", dtype, k, i, ends[0][i][k], ends[1][i][k])
				}
			}
		}
	}
}

func TestEvaluationDoesNotDependOnTheBatch(t *testing.T) {
	net := network(t, models.MLP(2, 8, 4), 3)
	set := blobs(50)
	want, err := train.Evaluate(context.Background(), net, set)
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{1, 7, 50, 64} {
		got, err := train.NewEvaluator(net, batch, nil).Evaluate(context.Background(), set)
		if err != nil || !(math.Abs(got.Loss-want.Loss) <= 1e-6) || !cmp.Equal(got.Answers, want.Answers) {
			t.Errorf("in batches of %d: %v, %v, want %v", batch, got.Loss, err, want.Loss)
		}
	}
	one, err := train.Predict(net, set.Values[:2])
	if err != nil || one.Class != want.Answers[0] || len(one.Probabilities) != 4 {
		t.Errorf("predicted %+v, evaluated %d (%v)", one, want.Answers[0], err)
	}
}

func TestNaNStopsTrainingAndIsLocated(t *testing.T) {
	net := network(t, models.MLP(2, 8, 4), 1)
	var err error
	for _, err = range train.Epochs(context.Background(), net, blobs(40), train.Config{Epochs: 50, Batch: 8, Rate: 1e30}) {
		if err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "epoch 1, step 2: the loss is") || !strings.Contains(err.Error(), "first non-finite value in") {
		t.Errorf("got %v", err)
	}
	net = network(t, models.MLP(2, 8, 4), 1)
	values := net.Params[2].Float64s()
	values[3] = math.NaN()
	if err := net.Params[2].Set(values); err != nil {
		t.Fatal(err)
	}
	for _, err = range train.Epochs(context.Background(), net, blobs(40), train.Config{}) {
		break
	}
	if err == nil || !strings.Contains(err.Error(), "first non-finite value in fc2.weight") {
		t.Errorf("got %v", err)
	}
}

func TestCancelAndBreak(t *testing.T) {
	net := network(t, models.MLP(2, 8, 4), 1)
	ctx, cancel := context.WithCancel(context.Background())
	steps := 0
	cfg := train.Config{Batch: 4, OnStep: func(train.Step) {
		if steps++; steps == 3 {
			cancel()
		}
	}}
	var err error
	for _, err = range train.Epochs(ctx, net, blobs(40), cfg) {
	}
	if !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("after %d steps: %v", steps, err)
	}
	seen := 0
	for range train.Epochs(context.Background(), net, blobs(40), train.Config{}) {
		if seen++; seen == 2 {
			break
		}
	}
	if seen != 2 {
		t.Errorf("%d epochs", seen)
	}
}

func TestStateContinuesToTheSameBits(t *testing.T) {
	for _, o := range train.Optimizers() {
		cfg := train.Config{Batch: 8, Rate: 0.01, Optimizer: o, Ordered: true, Epochs: 4}
		trainer := func(net *models.Network) *train.Trainer {
			tr, err := train.NewTrainer(net, blobs(16), cfg)
			if err != nil {
				t.Fatal(err)
			}
			return tr
		}
		whole, half := network(t, models.MLP(2, 8, 4), 1), network(t, models.MLP(2, 8, 4), 1)
		a, b := trainer(whole), trainer(half)
		for range 4 {
			if _, err := a.Step(); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if _, err := b.Step(); err != nil {
				t.Fatal(err)
			}
		}
		kept := b.State()
		c := trainer(half)
		if err := c.SetState(kept); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := c.Step(); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(weights(whole), weights(half)); diff != "" {
			t.Errorf("%s: %s", o.Name, diff)
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	net := network(t, models.MLP(3, 8, 4), 1)
	for want, cfg := range map[string]train.Config{
		"takes inputs of [3], the set blobs has [2]": {},
	} {
		if _, err := train.NewTrainer(net, blobs(8), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	fitting := network(t, models.MLP(2, 4), 1)
	for _, cfg := range []train.Config{{Rate: -1}, {Rate: math.NaN()}, {Batch: -1}, {Epochs: -1}} {
		if _, err := train.NewTrainer(fitting, blobs(8), cfg); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
	if _, err := train.Predict(fitting, []float64{1}); err == nil {
		t.Error("an input of another length was taken")
	}
	if _, err := train.Evaluate(context.Background(), fitting, &data.Set{}); err == nil {
		t.Error("an empty set was evaluated")
	}
}

func TestConfusion(t *testing.T) {
	c := train.NewConfusion(3)
	for _, pair := range [][2]int{{0, 0}, {0, 1}, {2, 2}, {1, 1}} {
		c.Add(pair[0], pair[1])
	}
	if c.Accuracy() != 0.75 || c[0][1] != 1 {
		t.Error(c)
	}
}
