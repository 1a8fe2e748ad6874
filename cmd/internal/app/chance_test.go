package app

import (
	"testing"

	"symgrad/data"
	"symgrad/train"
)

// 60 of 100 examples are b's: whoever always says b is right for 60 %, and two
// standard errors of that are 9.8 %.
func TestAdvice(t *testing.T) {
	set := &data.Set{Classes: 3, Labels: make([]int, 100)}
	for i := range set.Labels {
		set.Labels[i] = []int{0, 1, 1, 2, 1}[i%5]
	}
	const numbered = "no better than guessing: always 1 would be right for 60.00%\ntry train-cnn -net lenet, or another -lr or -optimizer\n"
	for accuracy, want := range map[float64]string{0: numbered, 0.6: numbered, 0.69: numbered, 0.70: "", 1: ""} {
		if got := advice(set, train.Result{Accuracy: accuracy}); got != want {
			t.Errorf("at an accuracy of %g: %q, want %q", accuracy, got, want)
		}
	}
	set.ClassNames = []string{"a", "b", "c"}
	if got, want := advice(set, train.Result{}), "no better than guessing: always b would be right for 60.00%\ntry train-cnn -net lenet, or another -lr or -optimizer\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A narrow terminal's line of an epoch goes without its speed, never without its
// accuracy.
func TestTheLineOfAnEpochFits(t *testing.T) {
	e := train.Epoch{Number: 1, Loss: 0.4126, Test: train.Result{Loss: 0.1076, Accuracy: 0.9684}, Seconds: 0.8, ImagesPerSecond: 76505}
	const least = "epoch 1: train loss 0.4126, test loss 0.1076, test accuracy 96.84%"
	for width, want := range map[int]string{
		0: least + ", 0.8 s, 76505 images/s", 91: least + ", 0.8 s, 76505 images/s", 89: least + ", 0.8 s, 76505 images/s", 88: least + ", 0.8 s", 80: least + ", 0.8 s", 73: least + ", 0.8 s", 72: least, 20: least,
	} {
		if got := fitting(e.String(), width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}
