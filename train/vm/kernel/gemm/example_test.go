package gemm_test

import (
	"fmt"

	"symgrad/train/vm/kernel/gemm"
)

// A dense layer of two inputs and three outputs, for a batch of two.
func ExampleProduct() {
	p, err := gemm.New[float32](gemm.Shape{M: 2, N: 3, K: 2, Activation: gemm.ReLU})
	if err != nil {
		fmt.Println(err)
		return
	}
	x := []float32{1, 2, 3, 4}
	w := []float32{1, 0, -1, 0, 1, -1}
	bias := []float32{0.5, 0, 5}
	y := make([]float32, 6)
	p.Run(make([]float32, p.WorkspaceLen()), y, x, w, bias, 0, 2, 0, 3)
	fmt.Println(y)
	// Output: [1.5 2 2 3.5 4 -0]
}
