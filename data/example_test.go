package data_test

import (
	"fmt"

	"symgrad/data"
	"symgrad/data/truth"
)

func ExampleGather() {
	xor := truth.XOR()
	batch := []int{3, 1}
	inputs, targets := make([]float32, len(batch)*xor.Size()), make([]float32, len(batch)*xor.Classes)
	data.Gather(xor, batch, inputs, targets)
	fmt.Println(inputs, targets)
	// Output: [1 1 1 0 1 1] [0 1]
}

// Seven examples in batches of three: the short last batch is not dropped, and
// every epoch has an order of its own.
func ExampleBatches() {
	batches, err := data.NewBatches(7, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for epoch := range 2 {
		for batch := range batches.Epoch(epoch) {
			fmt.Println(epoch, batch)
		}
	}
	fmt.Println("epoch 1 again, in the middle:", batches.At(1, 1))
	// Output:
	// 0 [1 6 2]
	// 0 [5 3 0]
	// 0 [4]
	// 1 [1 2 3]
	// 1 [5 4 0]
	// 1 [6]
	// epoch 1 again, in the middle: [5 4 0]
}

func ExampleSet_HoldOut() {
	training := truth.AllInputs()
	validation, err := training.HoldOut(2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range []*data.Set{training, validation} {
		fmt.Printf("%s: %d examples\n", s.Name, s.Len())
	}
	// Output:
	// all inputs: 6 examples
	// all inputs, validation part: 2 examples
}
