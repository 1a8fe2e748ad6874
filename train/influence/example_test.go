package influence_test

import (
	"context"
	"fmt"

	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/train"
	"symgrad/train/influence"
)

// A neuron has learned the tutorial's four rows. Where one of them has a wrong
// label, it is the oddest.
func ExampleSelf() {
	set := truth.NeuronRows()
	net, err := models.NeuronWithBias(3).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range train.Epochs(context.Background(), net, set, train.Config{Epochs: 100, Batch: 4, Rate: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	set.Targets[3] = 1 // was 0
	odd, err := influence.Self(context.Background(), []influence.Checkpoint{{Net: net, Rate: 1}}, set, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f\n", odd)
	// Output:
	// [0.0002 0.0002 0.0001 0.0162]
}
