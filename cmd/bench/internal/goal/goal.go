// Package goal measures how long training takes to reach an accuracy.
package goal

import (
	"context"
	"fmt"
	"runtime"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Goal is an accuracy on the 10,000 test images, and how we train to it.
type Goal struct {
	Model    string // M, C1 or C2
	Accuracy float64

	spec  models.Spec
	cfg   train.Config
	words string
}

// Goals lists them. Training ends when the accuracy is reached, or with the
// schedule.
func Goals() []Goal {
	nesterov := func(rate float64, batch, epochs int) train.Config {
		return train.Config{Epochs: epochs, Batch: batch, Rate: rate, Optimizer: train.Nesterov(0.9), Schedule: train.Cosine()}
	}
	goals := []Goal{
		{Model: "M", Accuracy: 0.978, spec: models.MLP(784, 128, 10), cfg: nesterov(0.1, 64, 4)},
		{Model: "C1", Accuracy: 0.985, spec: models.Tutorial(), cfg: nesterov(0.1, 32, 5)},
		{Model: "C2", Accuracy: 0.990, spec: models.LeNet(), cfg: nesterov(0.02, 32, 3)},
	}
	for i, g := range goals {
		goals[i].words = fmt.Sprintf("Nesterov 0.9, rate %g, batch %d, cosine over %d epochs", g.cfg.Rate, g.cfg.Batch, g.cfg.Epochs)
	}
	return goals
}

// Attempt is one training run towards a goal.
type Attempt struct {
	Who      string  `json:"peer"`
	Model    string  `json:"model"`
	Threads  int     `json:"threads"`
	Seed     int     `json:"seed"`
	Setting  string  `json:"setting"`
	Goal     float64 `json:"target"`
	Accuracy float64 `json:"test_accuracy"` // the last epoch's
	Epochs   int     `json:"epochs"`
	Seconds  float64 `json:"train_seconds"` // of training, the tests after each epoch not counted
}

// Reached tells whether the run got there.
func (a Attempt) Reached() bool { return a.Accuracy >= a.Goal }

// Train makes our own attempt.
func (g Goal) Train(ctx context.Context, who string, workers, seed int, training, test *data.Set) (Attempt, error) {
	runtime.GOMAXPROCS(workers)
	a := Attempt{Who: who, Model: g.Model, Threads: workers, Seed: seed, Setting: g.words, Goal: g.Accuracy}
	net, err := g.spec.New(models.NewRand(uint64(seed)))
	if err != nil {
		return a, err
	}
	cfg := g.cfg
	cfg.Seed, cfg.Test, cfg.Machine = uint64(seed), test, train.OwnVM(workers)
	for epoch, err := range train.Epochs(ctx, net, training, cfg) {
		if err != nil {
			return a, err
		}
		a.Accuracy, a.Epochs = epoch.Test.Accuracy, epoch.Number
		a.Seconds += epoch.Seconds
		if a.Reached() {
			break
		}
	}
	return a, nil
}
