package kernel_test

import (
	"fmt"

	"symgrad/train/vm/kernel"
)

// A dense layer of two inputs and three outputs, for a batch of two.
func ExampleProduct() {
	p, err := kernel.NewProduct(kernel.ProductShape{M: 2, N: 3, K: 2, Activation: kernel.ReLUActivation})
	if err != nil {
		fmt.Println(err)
		return
	}
	x := []float32{1, 2, 3, 4}
	w := []float32{1, 0, -1, 0, 1, -1}
	bias := []float32{0.5, 0, 5}
	y := make([]float32, 6)
	p.Run(new(kernel.Workspace), y, x, w, bias, 0, 2, 0, 3)
	fmt.Println(y)
	// Output: [1.5 2 2 3.5 4 -0]
}
