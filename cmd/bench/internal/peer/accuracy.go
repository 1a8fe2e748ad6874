package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"symgrad/cmd/bench/internal/goal"
)

// setting is how PyTorch trains: SGD with momentum 0.9, batch 64, the rate
// divided by ten after so many epochs.
type setting struct {
	rate       float64
	cut        int // 0: never
	mostEpochs int
}

// settings are the best known for PyTorch's own initialisation and order; where
// it is not clear which of two is better, both run and the better counts.
var settings = map[string][]setting{
	"M":  {{0.1, 3, 12}},
	"C1": {{0.1, 3, 12}, {0.1, 0, 12}},
	"C2": {{0.05, 2, 8}},
}

func (s setting) String() string {
	words := fmt.Sprintf("momentum 0.9, rate %g, batch 64", s.rate)
	if s.cut > 0 {
		words += fmt.Sprintf(", a tenth after epoch %d", s.cut)
	}
	return words
}

// Train lets PyTorch train to a goal, in its best setting for this seed. Its
// benchmark prints a line an epoch.
func (f *Field) Train(ctx context.Context, g goal.Goal, threads, seed int) (goal.Attempt, error) {
	script, err := f.file("torch_bench.py")
	if err != nil {
		return goal.Attempt{}, err
	}
	python, err := f.python(ctx, "torch")
	if err != nil {
		return goal.Attempt{}, err
	}
	var attempts []goal.Attempt
	for _, s := range settings[g.Model] {
		number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		output, err := run(ctx, f.cfg.Dir, f.env, python, script, g.Model, strconv.Itoa(threads), "--accuracy", strconv.Itoa(s.mostEpochs),
			"--lr", number(s.rate), "--momentum", "0.9", "--halve-after", strconv.Itoa(s.cut), "--target", number(g.Accuracy), "--seed", strconv.Itoa(seed))
		if err != nil {
			return goal.Attempt{}, err
		}
		a := goal.Attempt{Who: PyTorch, Model: g.Model, Threads: threads, Seed: seed, Setting: s.String(), Goal: g.Accuracy}
		if err := lastEpoch(&a, output); err != nil {
			return a, err
		}
		attempts = append(attempts, a)
	}
	return slices.MinFunc(attempts, better), nil
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
