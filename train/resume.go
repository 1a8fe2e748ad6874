package train

import (
	"context"
	"fmt"
	"iter"
)

// Progress is where a training stands between two steps: all that a new
// [Trainer] of the same configuration needs, beside the weights, to go on to the
// same bits. Nothing else is random state: the order of the examples is drawn
// from the seed and the epoch, dropout from the seed and the step.
type Progress struct {
	Seed     uint64
	Batch    int
	Shards   int // that a batch is cut into; 0 means 1
	Examples int // in the training set

	Epoch, Index int     // of the next step, both from 0; an index behind the last step: only the evaluation is left
	Loss         float64 // sum over the examples trained on in this epoch
	Images       int     // how many these are

	State State
}

// Progress returns a copy of where the training stands.
func (t *Trainer) Progress() Progress {
	return Progress{Seed: t.cfg.Seed, Batch: t.cfg.Batch, Shards: t.cfg.Shards, Examples: t.set.Len(),
		Epoch: t.epoch, Index: t.index, Loss: t.partial.loss, Images: t.partial.images, State: t.State()}
}

// Resume makes the trainer go on from another one's progress. The network must
// already have the weights of that moment. An error names what differs, and
// leaves the trainer as it was.
func (t *Trainer) Resume(p Progress) error {
	switch {
	case p.Seed != t.cfg.Seed:
		return fmt.Errorf("train: the run to resume has seed %d, this one %d", p.Seed, t.cfg.Seed)
	case p.Batch != t.cfg.Batch:
		return fmt.Errorf("train: the run to resume has batches of %d, this one of %d", p.Batch, t.cfg.Batch)
	case max(p.Shards, 1) != t.cfg.Shards:
		return fmt.Errorf("train: the run to resume cut its batches into %d shards, this one into %d", max(p.Shards, 1), t.cfg.Shards)
	case p.Examples != t.set.Len():
		return fmt.Errorf("train: the run to resume has %d examples, this one %d", p.Examples, t.set.Len())
	case p.Epoch < 0 || p.Index < 0 || p.Index > t.Steps():
		return fmt.Errorf("train: the run to resume stands at step %d of epoch %d, which has %d steps", p.Index+1, p.Epoch+1, t.Steps())
	case p.Images != min(p.Index*p.Batch, p.Examples) || !finite(p.Loss) || p.Images == 0 && p.Loss != 0:
		return fmt.Errorf("train: the run to resume counts %d examples and a loss of %g in %d steps", p.Images, p.Loss, p.Index)
	case p.State.Step != p.Epoch*t.Steps()+p.Index:
		return fmt.Errorf("train: the run to resume counts %d steps of the optimizer, want %d", p.State.Step, p.Epoch*t.Steps()+p.Index)
	}
	if err := t.SetState(p.State); err != nil {
		return err
	}
	t.epoch, t.index, t.partial = p.Epoch, p.Index, partial{p.Loss, p.Images}
	return nil
}

// Epochs makes the epochs that are left of the configuration, as the function
// [Epochs] does.
func (t *Trainer) Epochs(ctx context.Context) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		for t.epoch < t.cfg.Epochs {
			e, err := t.Epoch(ctx)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// partial is what an unfinished epoch has summed up.
type partial struct {
	loss   float64
	images int
}

func (p *partial) add(loss float64, images int) {
	p.loss += loss
	p.images += images
}

func (p partial) mean() float64 { return p.loss / float64(max(p.images, 1)) }

// next goes to the first step of the next epoch.
func (t *Trainer) next() { t.epoch, t.index, t.partial = t.epoch+1, 0, partial{} }
