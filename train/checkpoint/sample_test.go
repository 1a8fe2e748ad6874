package checkpoint_test

import (
	"context"
	"testing"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// small has every kind of layer and few weights.
func small() models.Spec {
	s := models.Sequential([]int{1, 8, 8},
		models.Conv2D{Maps: 2, Kernel: 3, Same: true}, models.LeakyReLU(0.1), models.MaxPool{Size: 2},
		models.Conv2D{Maps: 3, Kernel: 2, Stride: 2, NoBias: true}, models.Tanh(), models.MeanPool{Size: 2, Stride: 1},
		models.Flatten{}, models.Dropout{Drop: 0.3},
		models.Dense{Out: 5}, models.Sigmoid(), models.Dropout{Drop: 0.5}, models.ReLU(),
		models.Dense{Out: 4},
	)
	s.Name, s.L2, s.Init = "small", 1e-3, models.HeNormal()
	return s
}

// squares is a set of n noisy images in four classes.
func squares(n int, seed uint64) *data.Set {
	r := models.NewRand(seed)
	s := &data.Set{Name: "squares", Shape: []int{1, 8, 8}, Classes: 4}
	for i := range n {
		class := i % 4
		for y := range 8 {
			for x := range 8 {
				v := 60 * r.Float64()
				if y/4 == class/2 && x/4 == class%2 {
					v += 150
				}
				s.Pixels = append(s.Pixels, uint8(v))
			}
		}
		s.Labels = append(s.Labels, class)
	}
	return s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// trained is a network, and what a checkpoint holds, after some steps.
func trained(t *testing.T, spec models.Spec, set *data.Set, o train.Optimizer, steps int) (*models.Network, checkpoint.Meta) {
	t.Helper()
	net := must(spec.New(models.NewRand(3)))
	trainer := must(train.NewTrainer(net, set, train.Config{Batch: 8, Rate: 0.01, Optimizer: o, Seed: 5, Test: set}))
	defer trainer.Close()
	m := checkpoint.Meta{Data: checkpoint.Data{Name: set.Name, SHA256: checkpoint.Fingerprint(set)}, Settings: map[string]string{"lr": "0.01"}}
	for steps >= trainer.Steps() {
		m.History = append(m.History, must(trainer.Epoch(context.Background())))
		steps -= trainer.Steps()
	}
	for range steps {
		must(trainer.Step())
	}
	m.Progress = trainer.Progress()
	return net, m
}
