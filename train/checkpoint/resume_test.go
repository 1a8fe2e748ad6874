package checkpoint_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// run is what a training left: the rows of its metrics, its weights and state.
type run struct {
	Epochs  []train.Epoch
	Weights [][]float64
	State   train.State
}

func finished(net *models.Network, trainer *train.Trainer, epochs []train.Epoch) run {
	r := run{State: trainer.State()}
	for _, e := range epochs {
		e.Seconds, e.ImagesPerSecond = 0, 0
		e.Test = train.Result{Loss: e.Test.Loss, Accuracy: e.Test.Accuracy}
		r.Epochs = append(r.Epochs, e)
	}
	for _, p := range net.Params {
		r.Weights = append(r.Weights, p.Float64s())
	}
	return r
}

// An interrupted, saved, loaded and resumed training ends with the same bits as
// one that was never stopped: for every optimiser, with dropout and a schedule,
// stopped before, in and at the end of an epoch, more than once, and between the
// last step and the evaluation. Each optimiser takes one or two of the places to
// stop at, with LONG=1 all.
func TestResumedToTheSameBits(t *testing.T) {
	set, test := squares(30, 1), squares(20, 2) // steps of 8, 8, 8 and 6
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for k, o := range train.Optimizers() {
			t.Run(fmt.Sprint(o.Name, dtype), func(t *testing.T) {
				spec := small()
				spec.Dtype = dtype
				cfg := train.Config{Epochs: 3, Batch: 8, Rate: 0.01, Optimizer: o, Schedule: train.Cosine(), Seed: 5, Test: test}
				net := must(spec.New(models.NewRand(3)))
				trainer := must(train.NewTrainer(net, set, cfg))
				defer trainer.Close()
				var epochs []train.Epoch
				for e, err := range trainer.Epochs(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					epochs = append(epochs, e)
				}
				want := finished(net, trainer, epochs)
				for i, stops := range [][]int{{0}, {1}, {3}, {4}, {5}, {11}, {12}, {2, 3, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}} {
					if os.Getenv("LONG") == "" && len(stops) != 3 && (i+k)%6 != 0 {
						continue
					}
					if diff := cmp.Diff(want, interrupted(t, spec, cfg, stops), cmp.Comparer(sameBits)); diff != "" {
						t.Errorf("stopped after steps %v: %s", stops, diff)
					}
				}
			})
		}
	}
}

func sameBits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// interrupted trains with a stop, in the way of Ctrl-C, after each of the steps,
// and a fresh trainer and network after each stop.
func interrupted(t *testing.T, spec models.Spec, cfg train.Config, stops []int) run {
	set := squares(30, 1)
	path := filepath.Join(t.TempDir(), "last.safetensors")
	net := must(spec.New(models.NewRand(3)))
	var meta checkpoint.Meta
	for i := 0; ; i++ {
		ctx, cancel := context.WithCancel(t.Context())
		var trainer *train.Trainer
		cfg.OnStep = func(train.Step) {
			if i < len(stops) && trainer.Progress().State.Step == stops[i] {
				cancel()
			}
		}
		trainer = must(train.NewTrainer(net, set, cfg))
		if i > 0 {
			if err := trainer.Resume(meta.Progress); err != nil {
				t.Fatal(err)
			}
		}
		if i < len(stops) && stops[i] == 0 {
			cancel()
		}
		var stopped error
		for e, err := range trainer.Epochs(ctx) {
			if stopped = err; err == nil {
				meta.History = append(meta.History, e)
			}
		}
		if stopped == nil {
			cancel()
			defer trainer.Close()
			if i != len(stops) {
				t.Errorf("stopped %d times, want %v", i, stops)
			}
			return finished(net, trainer, meta.History)
		}
		if !errors.Is(stopped, context.Canceled) {
			t.Fatal(stopped)
		}
		meta.Progress = trainer.Progress()
		if err := errors.Join(checkpoint.Save(path, net, meta), trainer.Close()); err != nil {
			t.Fatal(err)
		}
		var err error
		if net, meta, err = checkpoint.Load(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestResumingSomethingElse(t *testing.T) {
	set := squares(30, 1)
	net, meta := trained(t, small(), set, train.Adam(0.9, 0.999, 1e-8), 6)
	cfg := train.Config{Batch: 8, Seed: 5, Optimizer: train.Adam(0.9, 0.999, 1e-8)}
	for want, change := range map[string]func(c *train.Config, p *train.Progress){
		"has seed 5, this one 6":                              func(c *train.Config, _ *train.Progress) { c.Seed = 6 },
		"has batches of 8, this one of 4":                     func(c *train.Config, _ *train.Progress) { c.Batch = 4 },
		"has 29 examples, this one 30":                        func(_ *train.Config, p *train.Progress) { p.Examples = 29 },
		"state of optimizer adam, want sgd":                   func(c *train.Config, _ *train.Progress) { c.Optimizer = train.SGD() },
		"at step 6 of epoch 2, which has 4 steps":             func(_ *train.Config, p *train.Progress) { p.Index = 5 },
		"at step 3 of epoch 0":                                func(_ *train.Config, p *train.Progress) { p.Epoch = -1 },
		"counts 15 examples and a loss of":                    func(_ *train.Config, p *train.Progress) { p.Images = 15 },
		"loss of NaN":                                         func(_ *train.Config, p *train.Progress) { p.Loss = math.NaN() },
		"counts 5 steps of the optimizer, want 6":             func(_ *train.Config, p *train.Progress) { p.State.Step = 5 },
		"state has 0 tensors for":                             func(_ *train.Config, p *train.Progress) { p.State.Slots = nil },
		"state tensor 0 of fc2.bias has another length or dt": func(_ *train.Config, p *train.Progress) { p.State.Slots["fc2.bias"][0] = []float32{1} },
	} {
		c, p := cfg, meta.Progress
		p.State.Slots = map[string][]any{}
		for name, slots := range meta.Progress.State.Slots {
			p.State.Slots[name] = append([]any{}, slots...)
		}
		change(&c, &p)
		trainer := must(train.NewTrainer(net, set, c))
		if err := trainer.Resume(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
		if got := trainer.Progress(); got.State.Step != 0 || got.Epoch != 0 || got.Index != 0 {
			t.Errorf("%s: the trainer stands at %+v", want, got)
		}
		trainer.Close()
	}
}
