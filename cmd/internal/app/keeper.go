package app

import (
	"fmt"
	"io"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/outdir"
)

// keeper writes a training's checkpoints into a directory: last.safetensors
// after every epoch and where it is stopped, best.safetensors when no earlier
// epoch had a better accuracy on the validation set; and metrics.csv with a row
// for each epoch in the last checkpoint. Without a directory it only remembers
// the history and the best network.
//
// The best is written before the last: at no instant does the last one tell of a
// best that is not there. Killed between them, the best is a step ahead, and
// [Flags.resumed] goes on from it.
type keeper struct {
	dir      *outdir.Dir // nil: nothing is kept
	goesOn   bool        // the directory holds this very run already
	net      *models.Network
	trainer  *train.Trainer
	meta     checkpoint.Meta
	best     *models.Network // of the best epoch; nil: not known
	bestMeta checkpoint.Meta
}

// epoch notes a finished epoch and keeps the network.
func (k *keeper) epoch(e train.Epoch) error {
	k.meta.History = append(k.meta.History, e)
	if k.meta.Best().Number == e.Number {
		var err error
		if k.best, err = k.net.As(k.net.Dtype); err != nil {
			return err
		}
		k.meta.Progress = k.trainer.Progress()
		k.bestMeta = k.meta
		if err := k.begin(); err != nil {
			return err
		}
		if err := k.write(best, k.best, k.bestMeta); err != nil {
			return err
		}
	}
	return k.save()
}

// The names of the checkpoints.
const (
	last = "last.safetensors"
	best = "best.safetensors"
)

// save writes the last checkpoint and the metrics.
func (k *keeper) save() error {
	k.meta.Progress = k.trainer.Progress()
	if err := k.begin(); err != nil {
		return err
	}
	if err := k.write(last, k.net, k.meta); err != nil {
		return err
	}
	return k.metrics()
}

// begin makes room for a run: what another one left as its last is removed
// before anything of this one stands beside it, and the best of a run that goes
// on from elsewhere is brought along.
func (k *keeper) begin() error {
	if k.dir == nil || k.goesOn {
		return nil
	}
	k.goesOn = true
	if err := k.dir.Remove(last); err != nil {
		return err
	}
	if k.best == nil {
		return k.dir.Remove(best)
	}
	return k.write(best, k.best, k.bestMeta)
}

func (k *keeper) write(name string, net *models.Network, meta checkpoint.Meta) error {
	if k.dir == nil {
		return nil
	}
	err := k.dir.Write(name, func(w io.Writer) error { return checkpoint.Write(w, net, meta) })
	if err != nil {
		return fmt.Errorf("%s was not saved: %w", k.dir.Path(name), err)
	}
	return nil
}

func (k *keeper) metrics() error {
	if k.dir == nil {
		return nil
	}
	return k.dir.Write("metrics.csv", func(w io.Writer) error { return writeMetrics(w, k.meta.History) })
}

// close lets others write to the directory.
func (k *keeper) close() error {
	if k.dir == nil {
		return nil
	}
	return k.dir.Close()
}
