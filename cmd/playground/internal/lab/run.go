package lab

import (
	"context"
	"errors"
	"slices"
	"time"

	"symgrad/cmd/playground/internal/looks"
	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

const (
	epochs    = 3
	batch     = 32
	tested    = 1000 // test images behind the accuracy
	samples   = 30   // test images shown
	perSecond = 250  // steps at most: slow enough to watch
	refresh   = 120 * time.Millisecond
)

// errIdle says that nobody went on with a paused training.
var errIdle = errors.New("lab: paused for too long")

// run trains until it is done, fails, stays paused for too long or the context
// ends.
func (l *Lab) run(ctx context.Context, rate float64) error {
	training, test, err := l.sets.borrow()
	if err != nil {
		return err
	}
	defer l.sets.giveBack()
	test = test.Head(tested)
	net, err := models.Small().New(models.NewRand(1))
	if err != nil {
		return err
	}
	machine := train.OwnVM(1) // the other processors draw and answer
	trainer, err := train.NewTrainer(net, training, train.Config{Epochs: epochs, Batch: batch, Rate: rate,
		Optimizer: train.Nesterov(0.9), Schedule: train.Cosine(), Seed: 1, Machine: machine})
	if err != nil {
		return err
	}
	defer trainer.Close()
	evaluator := train.NewEvaluator(net, 250, machine)
	defer evaluator.Close()

	watch := &watch{lab: l, net: net, test: test, evaluator: evaluator, steps: epochs * trainer.Steps()}
	if err := watch.point(ctx, 0, 0); err != nil {
		return err
	}
	l.update(func() { l.state.Phase = Running })
	pace := time.NewTicker(time.Second / perSecond)
	defer pace.Stop()
	for step := 1; step <= watch.steps; step++ {
		if err := l.await(ctx, pace.C); err != nil {
			return err
		}
		s, err := trainer.Step()
		if err != nil {
			return err
		}
		if err := watch.step(ctx, step, s); err != nil {
			return err
		}
	}
	return nil
}

// await returns when the next step is due: not before the pace says so, and not
// while paused.
func (l *Lab) await(ctx context.Context, pace <-chan time.Time) error {
	l.mu.Lock()
	resume := l.resume
	l.mu.Unlock()
	if resume != nil {
		idle := time.NewTimer(l.limits.Idle)
		defer idle.Stop()
		select {
		case <-resume:
		case <-idle.C:
			if l.giveUp(resume) {
				return errIdle
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case <-pace:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// giveUp ends a training that is still paused.
func (l *Lab) giveUp(paused chan struct{}) (ended bool) {
	l.update(func() {
		if l.resume == paused {
			l.state.Phase, l.resume, ended = Ended, nil, true
		}
	})
	return ended
}

// watch turns steps into what the page shows.
type watch struct {
	lab       *Lab
	net       *models.Network
	test      *data.Set
	evaluator *train.Evaluator
	steps     int

	loss   float64 // running mean
	images int
	next   int // step of the next point
	shown  time.Time
	since  int // images since then
}

func (w *watch) step(ctx context.Context, step int, s train.Step) error {
	keep := min(0.95, 1-1/float64(step))
	w.loss = keep*w.loss + (1-keep)*s.Loss
	w.images += s.Images
	w.since += s.Images
	if step >= w.next || step == w.steps {
		w.next = step + 1 + step/40 // dense where it changes fast
		return w.point(ctx, step, s.Epoch)
	}
	if time.Since(w.shown) > refresh {
		w.show(step, s.Epoch, func(*State) {})
	}
	return nil
}

// point tests the network and adds to the curve.
func (w *watch) point(ctx context.Context, step, epoch int) error {
	result, err := w.evaluator.Evaluate(ctx, w.test)
	if err != nil {
		return err
	}
	p := Point{Images: w.images, Loss: w.loss, Accuracy: result.Accuracy}
	if step == 0 {
		p.Loss = result.Loss
	}
	some := make([]Sample, min(samples, w.test.Len()))
	for i := range some {
		size := w.test.Size()
		some[i] = Sample{slices.Clone(w.test.Pixels[i*size : (i+1)*size]), w.test.Labels[i], result.Answers[i]}
	}
	w.show(step, epoch, func(s *State) { s.Curve, s.Samples = append(s.Curve, p), some })
	return nil
}

func (w *watch) show(step, epoch int, more func(*State)) {
	p := w.net.Params[0]
	filters := &Filters{Count: p.Shape[0], Side: p.Shape[2]}
	filters.Scale, filters.Values = looks.Bytes(p.Float64s())
	speed := float64(w.since) / time.Since(w.shown).Seconds()
	w.lab.update(func() {
		s := &w.lab.state
		s.Step, s.Steps, s.Epoch, s.Epochs, s.Images, s.Filters = step, w.steps, max(epoch, 1), epochs, w.images, filters
		if step > 0 {
			s.ImagesPerSecond = 0.8*s.ImagesPerSecond + 0.2*speed
		}
		more(s)
	})
	w.shown, w.since = time.Now(), 0
}
