package peer

import (
	"strings"
	"testing"

	"symgrad/cmd/bench/internal/goal"
)

func TestLineGoesThereAndBack(t *testing.T) {
	const text = `{"peer":"symgrad","model":"C2","threads":2,"train_images_per_s":13792,"infer_images_per_s":33315}`
	l, err := Parse("a warning\n{\"level\": \"info\"}\n" + text + "\n")
	if err != nil {
		t.Fatal(err)
	}
	want := Line{Peer: Us, Model: "C2", Threads: 2, Train: 13792, Predict: 33315}
	if l != want || l.String() != text {
		t.Errorf("got %+v, %v", l, l)
	}
}

func TestParseRefuses(t *testing.T) {
	line := Line{Peer: NumPy, Model: "N", Threads: 1, Step: 7.5}.String()
	for output, want := range map[string]string{
		"":                              `printed no line of figures: ""`,
		"Segmentation\nfault":           `printed no line of figures: "Segmentation fault"`,
		line + "\n" + line:              "printed more than one line of figures",
		`{"peer": "x", "model": "M"}`:   "printed a line without figures",
		strings.Repeat("wordy ", 10000): "wordy ...",
	} {
		if _, err := Parse(output); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 300 {
			t.Errorf("%.40q: got %v, want %s", output, err, want)
		}
	}
}

// TestLastEpoch reads what torch_bench.py --accuracy prints.
func TestLastEpoch(t *testing.T) {
	a := goal.Attempt{Goal: 0.978}
	err := lastEpoch(&a, `{"peer": "pytorch", "model": "M", "lr": 0.1, "seed": 1, "epoch": 1, "test_accuracy": 0.9612, "train_seconds": 0.9}
{"peer": "pytorch", "model": "M", "lr": 0.1, "seed": 1, "epoch": 2, "test_accuracy": 0.9812, "train_seconds": 1.85}
`)
	if err != nil || a.Epochs != 2 || a.Accuracy != 0.9812 || a.Seconds != 1.85 || !a.Reached() {
		t.Errorf("%+v, %v", a, err)
	}
	if err := lastEpoch(&goal.Attempt{}, "no epoch"); err == nil {
		t.Error("no epoch, no error")
	}
}

func TestBetter(t *testing.T) {
	attempt := func(accuracy, seconds float64) goal.Attempt {
		return goal.Attempt{Goal: 0.9, Accuracy: accuracy, Seconds: seconds}
	}
	order := []goal.Attempt{attempt(0.91, 2), attempt(0.99, 3), attempt(0.8, 1), attempt(0.7, 2)}
	for i, a := range order {
		for j, b := range order {
			if got := better(a, b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%d against %d: %d", i, j, got)
			}
		}
	}
}
