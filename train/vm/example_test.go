package vm_test

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// A graph built with Gorgonia alone: logistic regression that learns "and".
// What changes for speed is one line.
func Example() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithShape(4, 2), G.WithName("x"),
		G.WithValue(tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{0, 0, 0, 1, 1, 0, 1, 1}))))
	y := G.NewVector(g, tensor.Float64, G.WithShape(4), G.WithName("y"),
		G.WithValue(tensor.New(tensor.WithShape(4), tensor.WithBacking([]float64{0, 0, 0, 1}))))
	w := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("w"), G.WithInit(G.Zeroes()))
	b := G.NewScalar(g, tensor.Float64, G.WithName("b"), G.WithValue(-1.0))

	answer := G.Must(G.Sigmoid(G.Must(G.Add(G.Must(G.Mul(x, w)), b))))
	loss := G.Must(G.Mean(G.Must(G.Square(G.Must(G.Sub(answer, y))))))
	grads, err := G.Grad(loss, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}

	m, err := vm.New(g, vm.Config{Results: append(grads, answer)}) // was: m := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(w, b))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	for range 5000 {
		if err := m.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		dw, db := m.Value(grads[0]).Data().([]float64), m.Value(grads[1]).Data().(float64)
		weights := w.Value().Data().([]float64)
		for i := range weights {
			weights[i] -= 2 * dw[i]
		}
		if err := G.Let(b, b.Value().Data().(float64)-2*db); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("%.2f\n", m.Value(answer).Data())
	// Output: [0.00 0.02 0.02 0.97]
}
