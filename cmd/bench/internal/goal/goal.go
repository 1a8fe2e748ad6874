// Package goal measures how long training takes to reach an accuracy.
package goal

import (
	"context"
	"runtime"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Goal is an accuracy on the 10,000 test images, and how to train to it.
type Goal struct {
	Model    string // M, C1 or C2
	Accuracy float64
	Recipe

	spec models.Spec
}

// Goals lists them, with the recipes that take the fewest epochs of those that
// were tried with seeds 1 to 5.
func Goals() []Goal {
	return []Goal{
		{"M", 0.978, Recipe{Optimizer: "adam", Rate: 0.009, Batch: 80, Cycle: 2}, models.MLP(784, 128, 10)},
		{"C1", 0.985, Recipe{Optimizer: "nesterov", Rate: 1.1, Batch: 64, Cycle: 2}, models.Tutorial()},
		{"C2", 0.990, Recipe{Optimizer: "nesterov", Rate: 0.12, Batch: 64, Cycle: 1, L2: 1e-4}, models.LeNet()},
	}
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
	a := Attempt{Who: who, Model: g.Model, Threads: workers, Seed: seed, Setting: g.Recipe.String(), Goal: g.Accuracy}
	spec := g.spec
	spec.L2 = g.Recipe.L2
	net, err := spec.New(models.NewRand(uint64(seed)))
	if err != nil {
		return a, err
	}
	cfg := g.config()
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
