package app

import (
	"fmt"
	"io"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
	"symgrad/train/outdir"
)

// keeper writes a training's files into a directory, all of them at one instant:
// last.safetensors after every epoch and where it is stopped, best.safetensors
// of the epoch with the best accuracy on the validation set, and metrics.csv with
// a row for each epoch in the last checkpoint. Without a directory it only
// remembers the history and the best network.
type keeper struct {
	dir      *outdir.Dir // nil: nothing is kept
	net      *models.Network
	trainer  *train.Trainer
	meta     checkpoint.Meta
	best     *models.Network // of the best epoch; nil: not known
	bestMeta checkpoint.Meta
}

// The names of the checkpoints.
const (
	last = "last.safetensors"
	best = "best.safetensors"
)

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
	}
	return k.save()
}

// save writes the checkpoints and the metrics. The best comes first, for where
// they cannot be replaced at once.
func (k *keeper) save() error {
	k.meta.Progress = k.trainer.Progress()
	if k.dir == nil {
		return nil
	}
	files := []outdir.Entry{{Name: best}, {Name: last, Write: k.checkpoint(k.net, k.meta)}, {Name: "metrics.csv", Write: k.metrics}}
	if k.best != nil {
		files[0].Write = k.checkpoint(k.best, k.bestMeta)
	}
	if err := k.dir.Replace(files...); err != nil {
		return fmt.Errorf("%s was not saved: %w", k.dir.Path(last), err)
	}
	return nil
}

func (k *keeper) checkpoint(net *models.Network, meta checkpoint.Meta) func(io.Writer) error {
	return func(w io.Writer) error { return checkpoint.Write(w, net, meta) }
}

func (k *keeper) metrics(w io.Writer) error { return writeMetrics(w, k.meta.History) }

// close lets others write to the directory.
func (k *keeper) close() error {
	if k.dir == nil {
		return nil
	}
	return k.dir.Close()
}
