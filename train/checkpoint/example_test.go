package checkpoint_test

import (
	"fmt"
	"os"
	"path/filepath"

	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// A training is kept, and goes on in another process as if nothing had been.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "neuron.safetensors")
	cfg := train.Config{Batch: 4, Rate: 1}

	net, err := models.Neuron(3).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	trainer, err := train.NewTrainer(net, truth.NeuronRows(), cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer trainer.Close()
	for range 500 {
		if _, err := trainer.Step(); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := checkpoint.Save(path, net, checkpoint.Meta{Progress: trainer.Progress()}); err != nil {
		fmt.Println(err)
		return
	}

	again, meta, err := checkpoint.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	other, err := train.NewTrainer(again, truth.NeuronRows(), cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer other.Close()
	if err := other.Resume(meta.Progress); err != nil {
		fmt.Println(err)
		return
	}
	a, _ := trainer.Step()
	b, _ := other.Step()
	fmt.Println(again.Name, b.Epoch, a.Loss == b.Loss)
	// Output: neuron 501 true
}
