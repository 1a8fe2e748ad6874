package checkpoint_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"symgrad/models"
	"symgrad/train"
	"symgrad/train/checkpoint"
)

// The best epoch is chosen on the validation set, the first of equals; the test
// set chooses nothing. It is the same one when the file is read again.
func TestBestIsChosenByValidation(t *testing.T) {
	epoch := func(number int, validation, test float64) train.Epoch {
		e := train.Epoch{Number: number, Loss: 1}
		if validation > 0 {
			e.Validation = train.Result{Loss: 0.5, Accuracy: validation}
		}
		if test > 0 {
			e.Test = train.Result{Loss: 0.25, Accuracy: test}
		}
		return e
	}
	net := must(models.MLP(2, 3, 2).New(models.NewRand(1)))
	for name, c := range map[string]struct {
		history []train.Epoch
		best    int
	}{
		"none":               {nil, 0},
		"by validation":      {[]train.Epoch{epoch(1, 0.7, 0.9), epoch(2, 0.8, 0.7), epoch(3, 0.75, 0.99)}, 2},
		"first of equals":    {[]train.Epoch{epoch(1, 0.7, 0), epoch(2, 0.8, 0), epoch(3, 0.8, 0)}, 2},
		"without validation": {[]train.Epoch{epoch(1, 0, 0.9), epoch(2, 0, 0.7), epoch(3, 0, 0.8)}, 3},
	} {
		m := checkpoint.Meta{History: c.history}
		if best := m.Best(); best.Number != c.best {
			t.Errorf("%s: epoch %d, want %d", name, best.Number, c.best)
		}
		var file bytes.Buffer
		if err := checkpoint.Write(&file, net, m); err != nil {
			t.Fatal(err)
		}
		_, read, err := checkpoint.Read(&file)
		if d := cmp.Diff(m.History, read.History); err != nil || d != "" {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}
