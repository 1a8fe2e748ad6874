package train_test

import (
	"math"
	"testing"

	"symgrad/models"
	"symgrad/train"
)

// An epoch's loss is the mean over its images of what the steps tell, with a last
// batch that is smaller than the others.
func TestEpochLossIsTheMean(t *testing.T) {
	set := blobs(20)
	sum, images := 0.0, 0
	trainer, err := train.NewTrainer(network(t, models.MLP(set.Size(), 5, set.Classes), 1), set, train.Config{Epochs: 1, Batch: 8, Rate: 0.1, Seed: 1,
		OnStep: func(s train.Step) { sum, images = sum+s.Loss*float64(s.Images), images+s.Images }})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	e, err := trainer.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := sum / 20; images != 20 || !(math.Abs(e.Loss-want) <= 1e-12) {
		t.Errorf("loss %g of %d images, want %g", e.Loss, images, want)
	}
}
