package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"symgrad/cmd/bench/internal/goal"
)

// setting is how PyTorch trains: SGD with momentum 0.9, batch 64, the rate
// divided by ten after so many epochs.
type setting struct {
	rate       float64
	cut        int
	mostEpochs int
}

// settings are the best known for PyTorch's own initialisation, without warm-up.
var settings = map[string]setting{
	"M":  {0.1, 3, 12},
	"C1": {0.1, 3, 12},
	"C2": {0.05, 2, 8},
}

func (s setting) String() string {
	return fmt.Sprintf("momentum 0.9, rate %g, batch 64, a tenth after epoch %d", s.rate, s.cut)
}

// Train lets PyTorch train to a goal, with our recipe and with its own setting;
// the better for this seed counts. Its benchmark prints a line an epoch.
func (f *Field) Train(ctx context.Context, g goal.Goal, threads, seed int) (goal.Attempt, error) {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	ours, err := f.attempt(ctx, g, threads, seed, g.Recipe.String(), "--accuracy", strconv.Itoa(g.Recipe.Epochs()),
		"--lr", number(g.Rate), "--optimizer", g.Optimizer,
		"--cycle", strconv.Itoa(g.Cycle), "--batch", strconv.Itoa(g.Batch), "--l2", number(g.Recipe.L2))
	if err != nil {
		return goal.Attempt{}, err
	}
	s := settings[g.Model]
	own, err := f.attempt(ctx, g, threads, seed, s.String(), "--accuracy", strconv.Itoa(s.mostEpochs),
		"--lr", number(s.rate), "--momentum", "0.9", "--halve-after", strconv.Itoa(s.cut))
	if err != nil || better(own, ours) < 0 {
		return own, err
	}
	return ours, nil
}

// attempt runs the benchmark with some arguments, which stand for a setting.
func (f *Field) attempt(ctx context.Context, g goal.Goal, threads, seed int, setting string, args ...string) (goal.Attempt, error) {
	a := goal.Attempt{Who: PyTorch, Model: g.Model, Threads: threads, Seed: seed, Setting: setting, Goal: g.Accuracy}
	script, err := f.file("torch_bench.py")
	if err != nil {
		return a, err
	}
	python, err := f.python(ctx, "torch")
	if err != nil {
		return a, err
	}
	args = append([]string{script, g.Model, strconv.Itoa(threads), "--target", strconv.FormatFloat(g.Accuracy, 'g', -1, 64), "--seed", strconv.Itoa(seed)}, args...)
	output, err := run(ctx, f.cfg.Dir, f.env, append([]string{python}, args...)...)
	if err != nil {
		return a, err
	}
	return a, lastEpoch(&a, output)
}

// better sorts what got there, and fast, first.
func better(a, b goal.Attempt) int {
	switch {
	case a.Reached() != b.Reached():
		if a.Reached() {
			return -1
		}
		return 1
	case a.Seconds < b.Seconds:
		return -1
	case a.Seconds > b.Seconds:
		return 1
	}
	return 0
}

// lastEpoch reads what the run came to.
func lastEpoch(a *goal.Attempt, output string) error {
	for text := range strings.Lines(output) {
		var l struct {
			Epoch        int
			TestAccuracy float64 `json:"test_accuracy"`
			TrainSeconds float64 `json:"train_seconds"`
		}
		if json.Unmarshal([]byte(text), &l) == nil && l.Epoch > a.Epochs {
			a.Epochs, a.Accuracy, a.Seconds = l.Epoch, l.TestAccuracy, l.TrainSeconds
		}
	}
	if a.Epochs == 0 {
		return fmt.Errorf("printed no epoch: %q", head(output))
	}
	return nil
}
