package train

import (
	"context"
	"fmt"
	"time"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
)

// Config says how to train. The zero value trains 5 epochs of plain SGD at rate
// 0.1 in batches of 64.
type Config struct {
	Epochs    int       // 0 means 5
	Batch     int       // 0 means 64
	Rate      float64   // learning rate; 0 means 0.1
	Optimizer Optimizer // default SGD()
	Schedule  Schedule  // default ConstantRate()
	Seed      uint64    // of shuffling and dropout
	Ordered   bool      // do not shuffle

	Validation, Test *data.Set // evaluated after every epoch; nil: not

	Machine Backend    // default OwnVM(0)
	OnStep  func(Step) // called after every step

	Shards int   // that a batch is cut into; decides the bits, as the seed does; 0 means 1, at most [MostShards]
	Group  Group // the processes that share the shards; nil: this one alone
}

// Step is what one step of training did.
type Step struct {
	Epoch, Index, Steps int     // epoch from 1, step in the epoch from 1, steps in the epoch
	Images              int     // examples in this batch
	Loss                float64 // of this batch, before the update
}

// Epoch is what one pass over the training set did.
type Epoch struct {
	Number          int     // from 1
	Loss            float64 // mean over the examples as they were trained on
	Validation      Result  // zero without Config.Validation
	Test            Result  // zero without Config.Test
	Seconds         float64 // of training, the test not counted
	ImagesPerSecond float64
}

func (e Epoch) String() string {
	s := fmt.Sprintf("epoch %d: train loss %.4f", e.Number, e.Loss)
	if e.Validation.Measured() {
		s += fmt.Sprintf(", validation loss %.4f, validation accuracy %.2f%%", e.Validation.Loss, 100*e.Validation.Accuracy)
	}
	if e.Test.Measured() {
		s += fmt.Sprintf(", test loss %.4f, test accuracy %.2f%%", e.Test.Loss, 100*e.Test.Accuracy)
	}
	return s + fmt.Sprintf(", %.1f s, %.0f images/s", e.Seconds, e.ImagesPerSecond)
}

// Trainer makes steps. It is what [Epochs] runs on, for callers that want the
// steps themselves.
type Trainer struct {
	net     *models.Network
	set     *data.Set
	cfg     Config
	batches *data.Batches
	source  source
	eval    *Evaluator
	state   State
	rule    *update
	ordered []int // indices of a batch, when the order is the set's

	epoch, index int     // of the next step, from 0
	partial      partial // of this epoch

	wish, agreed bool // this process, and the group, want to stop
}

// NewTrainer checks that network, set and configuration fit each other.
func NewTrainer(net *models.Network, set *data.Set, cfg Config) (*Trainer, error) {
	if cfg.Epochs == 0 {
		cfg.Epochs = 5
	}
	if cfg.Batch == 0 {
		cfg.Batch = 64
	}
	if cfg.Rate == 0 {
		cfg.Rate = 0.1
	}
	if cfg.Optimizer.Name == "" {
		cfg.Optimizer = SGD()
	}
	if cfg.Schedule == nil {
		cfg.Schedule = ConstantRate()
	}
	if cfg.Machine == nil {
		cfg.Machine = OwnVM(0)
	}
	if cfg.Shards == 0 {
		cfg.Shards = 1
	}
	if cfg.Group == nil {
		cfg.Group = alone{}
	}
	if cfg.Shards > MostShards {
		return nil, fmt.Errorf("train: %d shards, want at most %d", cfg.Shards, MostShards)
	}
	if cfg.Shards < cfg.Group.Size() {
		return nil, fmt.Errorf("train: %d shards for %d processes: want a shard for each at least", cfg.Shards, cfg.Group.Size())
	}
	if cfg.Epochs < 0 || cfg.Batch < 0 || !(cfg.Rate > 0) || !finite(cfg.Rate) {
		return nil, fmt.Errorf("train: %d epochs, batches of %d, rate %g: all must be positive", cfg.Epochs, cfg.Batch, cfg.Rate)
	}
	if net.Dtype == tensor.Float32 && cfg.Optimizer.Rule32 == nil || net.Dtype == tensor.Float64 && cfg.Optimizer.Rule64 == nil {
		return nil, fmt.Errorf("train: the optimizer %s has no rule for %v", cfg.Optimizer.Name, net.Dtype)
	}
	if err := fits(net, set); err != nil {
		return nil, err
	}
	for _, asked := range []*data.Set{cfg.Validation, cfg.Test} {
		if asked == nil {
			continue
		}
		if err := fits(net, asked); err != nil {
			return nil, err
		}
	}
	batches, err := data.NewBatches(set.Len(), cfg.Batch, cfg.Seed)
	if err != nil {
		return nil, err
	}
	t := &Trainer{net: net, set: set, cfg: cfg, batches: batches, source: newSource(net, set, cfg), state: newState(cfg.Optimizer, net.Params)}
	t.rule = newUpdate(cfg.Optimizer, net.Params, &t.state)
	if cfg.Validation != nil || cfg.Test != nil {
		t.eval = NewEvaluator(net, 0, cfg.Machine)
		t.eval.group = cfg.Group
	}
	return t, nil
}

// Steps is the number of steps in an epoch.
func (t *Trainer) Steps() int { return (t.set.Len() + t.cfg.Batch - 1) / t.cfg.Batch }

// State returns a copy of the optimiser's state.
func (t *Trainer) State() State { return t.state.clone() }

// SetState overwrites the optimiser's state.
func (t *Trainer) SetState(s State) error { return t.state.copyFrom(s) }

// Step trains on the next batch.
func (t *Trainer) Step() (Step, error) {
	if t.index == t.Steps() {
		t.next()
	}
	s := Step{Epoch: t.epoch + 1, Index: t.index + 1, Steps: t.Steps()}
	idx := t.order()
	s.Images = len(idx)
	var err error
	if s.Loss, t.agreed, err = t.source.gradient(idx, t.state.Step, t.wish, t.rule.grads); err != nil {
		return s, fmt.Errorf("train: epoch %d, step %d: %w", s.Epoch, s.Index, err)
	}
	if !finite(s.Loss) {
		return s, fmt.Errorf("train: epoch %d, step %d: the loss is %g; first non-finite value in %s; try a smaller rate than %g",
			s.Epoch, s.Index, s.Loss, firstNonFinite(t.net, t.source.last()), t.cfg.Rate)
	}
	if err := t.update(); err != nil {
		return s, err
	}
	t.index++
	t.partial.add(total(t.net, s.Loss, s.Images), s.Images)
	return s, nil
}

// update lets the optimiser change the weights.
func (t *Trainer) update() error {
	u := t.rule
	if err := u.check(); err != nil {
		return err
	}
	u.rate = t.cfg.Rate * t.cfg.Schedule(t.state.Step, t.Steps(), t.cfg.Epochs*t.Steps())
	t.state.Step++
	u.step = t.state.Step
	t.source.parallel(u.count(), u.run)
	return nil
}

// Epoch makes the steps that are left of the current epoch and evaluates. The
// context is looked at after every step; when that of any process in a group is
// done, all stop after the same step. The loss is that of the whole epoch,
// the seconds and images a second are those of this call.
func (t *Trainer) Epoch(ctx context.Context) (Epoch, error) {
	e := Epoch{Number: t.epoch + 1}
	images, begin := 0, time.Now()
	var err error
	for t.index < t.Steps() {
		if err = t.stopped(ctx); err != nil {
			break
		}
		var s Step
		if s, err = t.Step(); err != nil {
			break
		}
		images += s.Images
		if t.cfg.OnStep != nil {
			t.cfg.OnStep(s)
		}
	}
	e.Loss = t.partial.mean()
	e.Seconds = time.Since(begin).Seconds()
	e.ImagesPerSecond = float64(images) / max(e.Seconds, 1e-9) // some clocks stand still for a millisecond
	if err == nil {
		err = t.sameWeights()
	}
	if t.cfg.Group.Size() > 1 {
		ctx = context.WithoutCancel(ctx) // the others evaluate too
	}
	if err == nil && t.cfg.Validation != nil {
		e.Validation, err = t.eval.Evaluate(ctx, t.cfg.Validation)
	}
	if err == nil && t.cfg.Test != nil {
		e.Test, err = t.eval.Evaluate(ctx, t.cfg.Test)
	}
	if err == nil {
		t.next()
	}
	return e, err
}

// stopped tells whether to make no further step: at once when alone, else when
// the group has agreed on it.
func (t *Trainer) stopped(ctx context.Context) error {
	switch {
	case t.cfg.Group.Size() == 1:
		return ctx.Err()
	case t.agreed:
		t.agreed = false
		return context.Canceled
	}
	t.wish = ctx.Err() != nil
	return nil
}

// Close frees the machines.
func (t *Trainer) Close() error {
	err := t.source.Close()
	if t.eval != nil {
		if e := t.eval.Close(); err == nil {
			err = e
		}
	}
	return err
}

func (t *Trainer) order() []int {
	if t.cfg.Ordered {
		from := t.index * t.cfg.Batch
		t.ordered = t.ordered[:0]
		for i := from; i < min(from+t.cfg.Batch, t.set.Len()); i++ {
			t.ordered = append(t.ordered, i)
		}
		return t.ordered
	}
	return t.batches.At(t.epoch, t.index)
}

// Gradients copies the gradients of the last step, in the order of the
// network's parameters; nil before the first step.
func (t *Trainer) Gradients() [][]float64 {
	if t.rule.grads[0] == nil {
		return nil
	}
	out := make([][]float64, len(t.rule.grads))
	for i, g := range t.rule.grads {
		values(g, func(_ int, v float64) bool { out[i] = append(out[i], v); return true })
	}
	return out
}
