package train

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
)

// points are n examples of two numbers, of three classes in turn.
func points(n int) *data.Set {
	s := &data.Set{Name: "points", Shape: []int{2}, Classes: 3}
	for i := range n {
		s.Values, s.Labels = append(s.Values, math.Sin(float64(i)), math.Cos(float64(3*i))), append(s.Labels, i%3)
	}
	return s
}

func linear(t *testing.T, dtype tensor.Dtype) *models.Network {
	t.Helper()
	spec := models.Sequential([]int{2}, models.Dense{Out: 3})
	spec.Dtype = dtype
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// What a configuration leaves out has the documented value, what it says stays.
func TestConfigDefaults(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{}, "5 epochs of 3 steps, rate 0.1, sgd, 1 shards, factor 1"},
		{Config{Epochs: 1, Batch: 130, Rate: 2, Optimizer: Momentum(0.5), Shards: 3, Schedule: Cosine()}, "1 epochs of 1 steps, rate 2, momentum, 3 shards, factor 0.5"},
		{Config{Batch: 1}, "5 epochs of 130 steps, rate 0.1, sgd, 1 shards, factor 1"},
	} {
		trainer, err := NewTrainer(linear(t, tensor.Float64), points(130), c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		got := trainer.cfg
		if s := fmt.Sprintf("%d epochs of %d steps, rate %g, %s, %d shards, factor %.3g", got.Epochs, trainer.Steps(), got.Rate, got.Optimizer.Name, got.Shards, got.Schedule(2, 1, 4)); s != c.want {
			t.Errorf("%s, want %s", s, c.want)
		}
		if trainer.Gradients() != nil || trainer.eval != nil {
			t.Error("gradients before the first step, or an evaluator of nothing")
		}
		trainer, err = NewTrainer(linear(t, tensor.Float64), points(130), Config{Validation: points(3), Shards: 2, Group: silent{size: 2}})
		if err != nil {
			t.Fatal(err)
		}
		if trainer.eval.group.Size() != 2 {
			t.Error("the evaluation is not shared")
		}
	}
	for _, c := range []struct {
		batch, want int
	}{{-1, 250}, {0, 250}, {1, 1}, {7, 7}} {
		if got := NewEvaluator(linear(t, tensor.Float64), c.batch, nil).batch; got != c.want {
			t.Errorf("an evaluator's batch of %d is %d, want %d", c.batch, got, c.want)
		}
	}
}

func TestConfigMistakes(t *testing.T) {
	other := points(3)
	other.Shape, other.Name = []int{1, 2}, "other"
	flat := points(3)
	flat.Shape = []int{2, 1, 1} // is taken as a vector
	more := points(3)
	more.Classes, more.Name = 4, "more"
	pictures := models.Sequential([]int{1, 1, 2}, models.Flatten{}, models.Dense{Out: 3})
	deep, err := pictures.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	tall := models.Sequential([]int{2, 1, 1}, models.Flatten{}, models.Dense{Out: 3})
	upright, err := tall.New(models.NewRand(1))
	if err != nil {
		t.Fatal(err)
	}
	own := Optimizer{Name: "own"}
	single, double := own, own
	single.Rule32, double.Rule64 = SGD().Rule32, SGD().Rule64
	for _, c := range []struct {
		cfg  Config
		set  *data.Set
		net  *models.Network
		want string
	}{
		{Config{Epochs: 1, Batch: 1, Rate: 1e-300}, points(1), nil, ""},
		{Config{Epochs: -1}, points(3), nil, "train: -1 epochs, batches of 64, rate 0.1: all must be positive"},
		{Config{Batch: -1}, points(3), nil, "train: 5 epochs, batches of -1, rate 0.1"},
		{Config{Rate: -1}, points(3), nil, "rate -1"},
		{Config{Rate: math.NaN()}, points(3), nil, "rate NaN"},
		{Config{Rate: math.Inf(1)}, points(3), nil, "rate +Inf"},
		{Config{Shards: -1}, points(3), nil, "train: -1 shards for 1 processes: want a shard for each at least"},
		{Config{Optimizer: single}, points(3), nil, "train: the optimizer own has no rule for float64"},
		{Config{Optimizer: double}, points(3), nil, ""},
		{Config{Optimizer: double}, points(3), linear(t, tensor.Float32), "train: the optimizer own has no rule for float32"},
		{Config{Optimizer: single}, points(3), linear(t, tensor.Float32), ""},
		{Config{}, nil, nil, "train: the set is empty"},
		{Config{}, points(0), nil, "train: the set is empty"},
		{Config{}, other, nil, ""},
		{Config{}, flat, nil, ""},
		{Config{}, other, deep, "train: sequential takes inputs of [1 1 2], the set other has [1 2]"},
		{Config{}, points(3), deep, "train: sequential takes inputs of [1 1 2], the set points has [2]"},
		{Config{}, points(3), upright, "train: sequential takes inputs of [2 1 1], the set points has [2]"},
		{Config{}, more, nil, "train: sequential has 3 outputs, the set more has 4"},
		{Config{Validation: more}, points(3), nil, "the set more has 4"},
		{Config{Test: more}, points(3), nil, "the set more has 4"},
		{Config{Validation: points(1), Test: points(0)}, points(3), nil, "train: the set is empty"},
	} {
		if c.net == nil {
			c.net = linear(t, tensor.Float64)
		}
		trainer, err := NewTrainer(c.net, c.set, c.cfg)
		switch {
		case err == nil && c.want == "":
			_, err = trainer.Step()
			if closing := trainer.Close(); err != nil || closing != nil {
				t.Errorf("%+v: %v, %v", c.cfg, err, closing)
			}
		case err == nil || c.want == "" || !strings.Contains(err.Error(), c.want):
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
}

// The steps of two epochs and a third: what each tells, which examples it has and
// which rate.
func TestStepsByHand(t *testing.T) {
	var asked, told []string
	var trainer *Trainer
	var err error
	cfg := Config{Epochs: 3, Batch: 3, Ordered: true,
		Schedule: func(step, perEpoch, total int) float64 {
			asked = append(asked, fmt.Sprint(step, perEpoch, total))
			return 0.5
		},
		OnStep: func(s Step) {
			told = append(told, fmt.Sprintf("%d.%d/%d: %d", s.Epoch, s.Index, s.Steps, s.Images))
		}}
	if trainer, err = NewTrainer(linear(t, tensor.Float64), points(8), cfg); err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	var examples []string
	for step := range 7 {
		before := trainer.net.Params[0].Float64s()
		s, err := trainer.Step()
		if err != nil {
			t.Fatal(err)
		}
		examples = append(examples, fmt.Sprint(trainer.ordered))
		cfg.OnStep(s)
		for i, w := range trainer.net.Params[0].Float64s() {
			if g := trainer.Gradients()[0][i]; w != before[i]-float64(0.05*g) || g == 0 {
				t.Fatalf("step %d: weight %d goes from %g to %g with the gradient %g", step, i, before[i], w, g)
			}
		}
	}
	for name, c := range map[string][2]string{
		"the schedule was asked": {strings.Join(asked, ", "), "0 3 9, 1 3 9, 2 3 9, 3 3 9, 4 3 9, 5 3 9, 6 3 9"},
		"the examples were":      {strings.Join(examples, ", "), "[0 1 2], [3 4 5], [6 7], [0 1 2], [3 4 5], [6 7], [0 1 2]"},
		"the steps were":         {strings.Join(told, ", "), "1.1/3: 3, 1.2/3: 3, 1.3/3: 2, 2.1/3: 3, 2.2/3: 3, 2.3/3: 2, 3.1/3: 3"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s %s, want %s", name, c[0], c[1])
		}
	}
	if !slices.Equal(trainer.order(), []int{3, 4, 5}) {
		t.Error(trainer.order())
	}
}
