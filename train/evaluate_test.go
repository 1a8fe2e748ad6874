package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// A loss that is a mean over the batch and one that is a sum, by hand, in batches
// of any size.
func TestEvaluationByHand(t *testing.T) {
	// Logits of 0 and x log 3: at x = 1 the classes have 1/4 and 3/4, at 0 a half each.
	two := models.Sequential([]int{1}, models.Dense{Out: 2})
	one := models.Sequential([]int{1}, models.Dense{Out: 1})
	one.Loss = models.HalfSquaredError()
	for _, c := range []struct {
		spec     models.Spec
		weights  []float64
		set      *data.Set
		loss     float64
		accuracy float64
		rest     string
	}{
		{two, []float64{0, math.Log(3)}, &data.Set{Shape: []int{1}, Classes: 2, Values: []float64{1, 1, 0}, Labels: []int{1, 0, 0}},
			(math.Log(4.0/3) + math.Log(4) + math.Log(2)) / 3, 2.0 / 3, "[[1 1] [0 1]] [1 1 0]"},
		// Off by 1, 0, -2 and 0.
		{one, []float64{1}, &data.Set{Shape: []int{1}, Classes: 1, Values: []float64{1, 1, -1, 0.4}, Targets: []float64{0, 1, 1, 0.4}},
			(0.5 + 2) / 4, 0.5, "[[1 1] [1 1]] [1 1 0 0]"},
	} {
		c.spec.Dtype = tensor.Float64
		net := network(t, c.spec, 1)
		for i, values := range [][]float64{c.weights, make([]float64, len(c.weights))} {
			if err := net.Params[i].Set(values); err != nil {
				t.Fatal(err)
			}
		}
		for _, batch := range []int{0, 1, 2, 3} {
			e := train.NewEvaluator(net, batch, nil)
			for range 2 {
				r, err := e.Evaluate(t.Context(), c.set)
				if err != nil {
					t.Fatal(err)
				}
				if !(math.Abs(r.Loss-c.loss) <= 1e-15) || r.Accuracy != c.accuracy || fmt.Sprint([][]int(r.Confusion), r.Answers) != c.rest {
					t.Errorf("in batches of %d: %+v, want %v, %v, %s", batch, r, c.loss, c.accuracy, c.rest)
				}
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// An evaluation can be stopped; what nobody has measured says so.
func TestNoResult(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := train.Evaluate(ctx, network(t, models.MLP(2, 3, 4), 1), blobs(4)); !errors.Is(err, context.Canceled) || r.Measured() {
		t.Errorf("%+v, %v", r, err)
	}
	for _, c := range []struct {
		r    train.Result
		want bool
	}{{train.Result{}, false}, {train.Result{Loss: 1}, true}, {train.Result{Accuracy: 1}, true}, {train.Result{Confusion: train.NewConfusion(2)}, true}} {
		if c.r.Measured() != c.want {
			t.Errorf("%+v: measured %v", c.r, !c.want)
		}
	}
}

// The line of an epoch, as the programs print it and checkpoints' readers show it.
func TestEpochLine(t *testing.T) {
	none, some := train.Epoch{Number: 3, Loss: 0.25, Seconds: 1.25, ImagesPerSecond: 1234.4}, train.Result{Loss: 0.5, Accuracy: 0.875}
	both := none
	both.Validation, both.Test = some, train.Result{Loss: 2, Accuracy: 0.5}
	for want, e := range map[string]train.Epoch{
		"epoch 3: train loss 0.2500, 1.2 s, 1234 images/s": none,
		"epoch 3: train loss 0.2500, validation loss 0.5000, validation accuracy 87.50%, test loss 2.0000, test accuracy 50.00%, 1.2 s, 1234 images/s": both,
	} {
		if e.String() != want {
			t.Errorf("%v, want %s", e, want)
		}
	}
}

// Training that cannot begin is one error.
func TestEpochsThatCannotBegin(t *testing.T) {
	told := 0
	for e, err := range train.Epochs(t.Context(), network(t, models.MLP(2, 3, 4), 1), blobs(0), train.Config{}) {
		if told++; told > 1 || e.Number != 0 || err == nil || err.Error() != "train: the set is empty" {
			t.Errorf("%v, %v", e, err)
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
