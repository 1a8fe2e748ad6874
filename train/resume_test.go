package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// Epochs sum up what their steps told, over the stop and the restart of a
// training; a further call has the images of its own time.
func TestEpochsSumUpTheirSteps(t *testing.T) {
	sum, images, stop := 0.0, 0, func() {}
	cfg := Config{Epochs: 2, Batch: 3, Seed: 4, Optimizer: Momentum(0.9), OnStep: func(s Step) {
		sum, images = sum+float64(s.Loss*float64(s.Images)), images+s.Images
		if s.Index == 2 && s.Epoch == 2 {
			stop()
		}
		if images == 8 {
			time.Sleep(20 * time.Millisecond)
		}
	}}
	net := linear(t, tensor.Float64)
	trainer, err := NewTrainer(net, points(8), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stop = cancel
	epoch := func(ctx context.Context, number, count int, seen int) {
		t.Helper()
		images = 0
		for e, err := range trainer.Epochs(ctx) {
			if count == 8 && err != nil || count < 8 && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if e.Number != number || images != seen || !(math.Abs(e.Loss-sum/float64(count)) <= 1e-15) {
				t.Errorf("epoch %d: loss %g of %d images, want %d, %g of %d", e.Number, e.Loss, images, number, sum/float64(count), seen)
			}
			if got := e.ImagesPerSecond * max(e.Seconds, 1e-9); seen == 8 && e.Seconds < 0.02 || !(math.Abs(got-float64(seen)) <= 1e-6) {
				t.Errorf("epoch %d: %g images in %g s, want %d", number, got, e.Seconds, seen)
			}
			break
		}
	}
	epoch(ctx, 1, 8, 8)
	if p := trainer.Progress(); p.Epoch != 1 || p.Index != 0 || p.Loss != 0 || p.Images != 0 {
		t.Errorf("between epochs it stands at %+v", p)
	}
	sum = 0
	epoch(ctx, 2, 6, 6)
	stood := trainer.Progress()
	if stood.Epoch != 1 || stood.Index != 2 || stood.Images != 6 || stood.Loss != sum || stood.Examples != 8 || stood.Batch != 3 || stood.Seed != 4 || stood.Shards != 1 || stood.State.Step != 5 {
		t.Errorf("it stands at %+v", stood)
	}
	if trainer, err = NewTrainer(net, points(8), cfg); err != nil {
		t.Fatal(err)
	}
	if err := trainer.Resume(stood); err != nil {
		t.Fatal(err)
	}
	epoch(t.Context(), 2, 8, 2)
	for e, err := range trainer.Epochs(t.Context()) {
		t.Errorf("a further epoch: %v, %v", e, err)
	}
	stood.Shards, stood.Index, stood.Images, stood.State.Step = 0, 3, 8, 6 // only the evaluation is left
	if trainer, err = NewTrainer(net, points(8), cfg); err != nil {
		t.Fatal(err)
	}
	if err := trainer.Resume(stood); err != nil {
		t.Fatal(err)
	}
	sum, stood.State.Slots["fc1.weight"][0].([]float64)[0] = stood.Loss, 1e9
	epoch(t.Context(), 2, 8, 0)
	if trainer.State().Slots["fc1.weight"][0].([]float64)[0] == 1e9 {
		t.Error("the trainer shares its state with the progress")
	}
}

func TestMean(t *testing.T) {
	var p partial
	for i, want := range []float64{0, 3, 2} {
		if got := p.mean(); got != want {
			t.Errorf("of %d: %g, want %g", i, got, want)
		}
		p.add(float64(3-2*i), 1) // 3, 1
	}
}

// A training can be taken up after any step.
func TestResumingAnywhere(t *testing.T) {
	cfg := Config{Epochs: 3, Batch: 3}
	a, err := NewTrainer(linear(t, tensor.Float64), points(8), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for step := range 10 {
		b, err := NewTrainer(a.net, points(8), cfg)
		if err != nil {
			t.Fatal(err)
		}
		stood := a.Progress()
		if err := b.Resume(stood); err != nil || fmt.Sprint(b.Progress()) != fmt.Sprint(stood) {
			t.Errorf("after %d steps: %v; %v, want %v", step, err, b.Progress(), stood)
		}
		if step == 9 {
			break
		}
		if _, err := a.Step(); err != nil {
			t.Fatal(err)
		}
		if a.index == 3 && a.epoch == 1 {
			a.next()
		}
	}
}

func TestResumingWhatIsNotThisTraining(t *testing.T) {
	trained := func(cfg Config, steps int) *Trainer {
		trainer, err := NewTrainer(linear(t, tensor.Float64), points(8), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range steps {
			if _, err := trainer.Step(); err != nil {
				t.Fatal(err)
			}
		}
		return trainer
	}
	cfg := Config{Batch: 3, Seed: 5, Optimizer: Momentum(0.9), Shards: 2}
	for want, change := range map[string]func(c *Config, p *Progress){
		"train: the run to resume has seed 5, this one 6":                         func(c *Config, _ *Progress) { c.Seed = 6 },
		"train: the run to resume has batches of 3, this one of 4":                func(c *Config, _ *Progress) { c.Batch = 4 },
		"train: the run to resume cut its batches into 1 shards, this one into 2": func(_ *Config, p *Progress) { p.Shards = 0 },
		"train: the run to resume cut its batches into 2 shards, this one into 1": func(c *Config, _ *Progress) { c.Shards = 0 },
		"train: the run to resume has 7 examples, this one 8":                     func(_ *Config, p *Progress) { p.Examples = 7 },
		"train: the run to resume stands at step 5 of epoch 2, which has 3 steps": func(_ *Config, p *Progress) { p.Index = 4 },
		"train: the run to resume stands at step 0 of epoch 2, which has 3 steps": func(_ *Config, p *Progress) { p.Index = -1 },
		"train: the run to resume stands at step 3 of epoch 0, which has 3 steps": func(_ *Config, p *Progress) { p.Epoch = -1 },
		"train: the run to resume counts 5 examples and a loss of 1 in 2 steps":   func(_ *Config, p *Progress) { p.Images = 5 },
		"train: the run to resume counts 6 examples and a loss of NaN in 2 steps": func(_ *Config, p *Progress) { p.Loss = math.NaN() },
		"train: the run to resume counts 0 examples and a loss of 1 in 0 steps":   func(_ *Config, p *Progress) { p.Index, p.Images, p.State.Step = 0, 0, 3 },
		"train: the run to resume counts 4 steps of the optimizer, want 5":        func(_ *Config, p *Progress) { p.State.Step = 4 },
		"train: the run to resume counts 5 steps of the optimizer, want 8":        func(_ *Config, p *Progress) { p.Epoch = 2 },
		"train: state of optimizer momentum, want sgd":                            func(c *Config, _ *Progress) { c.Optimizer = SGD() },
		"train: state has 0 tensors for fc1.bias, want 1":                         func(_ *Config, p *Progress) { p.State.Slots["fc1.bias"] = nil },
		"train: state tensor 0 of fc1.bias has another length or dtype":           func(_ *Config, p *Progress) { p.State.Slots["fc1.bias"][0] = make([]float64, 4) },
		"train: state tensor 0 of fc1.weight has another length or dtype":         func(_ *Config, p *Progress) { p.State.Slots["fc1.weight"][0] = make([]float32, 6) },
	} {
		c, p := cfg, trained(cfg, 5).Progress()
		p.Loss = 1
		change(&c, &p)
		trainer := trained(c, 0)
		if err := trainer.Resume(p); fmt.Sprint(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
		if got := trainer.Progress(); got.State.Step != 0 || got.Epoch != 0 || got.Index != 0 || strings.ContainsAny(fmt.Sprint(got.State.Slots), "23456789") {
			t.Errorf("%s: the trainer stands at %+v", want, got)
		}
	}
}
