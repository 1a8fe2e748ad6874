package train_test

import (
	"context"
	"errors"
	"testing"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/local"
)

// When the last step is done, a training alone can be stopped before it evaluates,
// and evaluates when it goes on; a group evaluates, whoever wants to stop.
func TestStoppedBeforeTheEvaluation(t *testing.T) {
	for size := 1; size <= 2; size++ {
		err := local.Run(t.Context(), size, func(ctx context.Context, g train.Group) error {
			stopping, stop := context.WithCancel(ctx)
			defer stop()
			net, err := models.MLP(2, 3, 4).New(models.NewRand(1))
			if err != nil {
				return err
			}
			trainer, err := train.NewTrainer(net, blobs(6), train.Config{Batch: 2, Shards: size, Group: g, Machine: train.OwnVM(1), Test: blobs(600), OnStep: func(s train.Step) {
				if s.Index == 3 && g.Rank() == 0 {
					stop()
				}
			}})
			if err != nil {
				return err
			}
			defer trainer.Close()
			e, err := trainer.Epoch(stopping)
			if p := trainer.Progress(); size == 1 && (!errors.Is(err, context.Canceled) || p.Epoch != 0 || p.Index != 3 || e.Test.Measured()) {
				t.Errorf("alone: %v, %v at step %d of epoch %d", e, err, p.Index, p.Epoch)
			}
			if size == 1 {
				e, err = trainer.Epoch(ctx)
			}
			if p := trainer.Progress(); err == nil && (p.Epoch != 1 || p.Index != 0 || !e.Test.Measured()) {
				t.Errorf("%d processes: %v at step %d of epoch %d", size, e, p.Index, p.Epoch)
			}
			return err
		})
		if err != nil {
			t.Errorf("%d processes: %v", size, err)
		}
	}
}

// A group that has stopped goes on when it is asked to.
func TestAGroupGoesOn(t *testing.T) {
	err := local.Run(t.Context(), 2, func(ctx context.Context, g train.Group) error {
		net, err := models.MLP(2, 3, 4).New(models.NewRand(1))
		if err != nil {
			return err
		}
		stopping, stop := context.WithCancel(ctx)
		trainer, err := train.NewTrainer(net, blobs(20), train.Config{Batch: 2, Shards: 2, Group: g, Machine: train.OwnVM(1), Test: blobs(4), OnStep: func(s train.Step) {
			if s.Index == 3 && g.Rank() == 1 {
				stop()
			}
		}})
		if err != nil {
			return err
		}
		defer trainer.Close()
		defer stop()
		if _, err := trainer.Epoch(stopping); !errors.Is(err, context.Canceled) || trainer.Progress().Index != 4 {
			t.Errorf("rank %d: %v after step %d, want context.Canceled after 4", g.Rank(), err, trainer.Progress().Index)
		}
		e, err := trainer.Epoch(ctx)
		if p := trainer.Progress(); p.Epoch != 1 || p.State.Step != 10 || !e.Test.Measured() {
			t.Errorf("rank %d: it goes on to %+v, %v", g.Rank(), p, e)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
