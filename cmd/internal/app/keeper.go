package app

import (
	"path/filepath"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// keeper writes a training's checkpoints into a directory: last.safetensors
// after every epoch and where it is stopped, best.safetensors when no earlier
// epoch had a better accuracy on the validation set. Without a directory it only
// remembers the history and the best network.
type keeper struct {
	dir     string
	net     *models.Network
	trainer *train.Trainer
	meta    checkpoint.Meta
	best    *models.Network // of the best epoch; nil: not known
}

// epoch notes a finished epoch and keeps the network.
func (k *keeper) epoch(e train.Epoch) error {
	k.meta.History = append(k.meta.History, e)
	if err := k.save("last"); err != nil {
		return err
	}
	if k.meta.Best().Number != e.Number {
		return nil
	}
	var err error
	if k.best, err = k.net.As(k.net.Dtype); err != nil {
		return err
	}
	return k.save("best")
}

func (k *keeper) save(name string) error {
	if k.dir == "" {
		return nil
	}
	k.meta.Progress = k.trainer.Progress()
	return checkpoint.Save(k.path(name), k.net, k.meta)
}

func (k *keeper) path(name string) string { return filepath.Join(k.dir, name+".safetensors") }
