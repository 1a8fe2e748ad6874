package repair_test

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/repair"
)

// The logarithm to base 2 has a wrong gradient in Gorgonia, 1/(x/ln 2) in place of
// 1/(x ln 2). A repaired graph has the right one; its second derivative is that of
// the graph repaired once more.
func ExampleGraph() {
	build := func() (loss, x *G.Node) {
		g := G.NewGraph()
		x = G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking([]float64{1, 2}))))
		return G.Must(G.Sum(G.Must(G.Log2(x)))), x
	}
	loss, x := build()
	wrong, err := G.Grad(loss, x)
	if err != nil {
		panic(err)
	}
	fmt.Printf("before %.4f\n", run(wrong[0]))

	loss, x = build()
	repaired, err := repair.Graph(loss.Graph())
	if err != nil {
		panic(err)
	}
	for _, r := range repaired.Replaced {
		fmt.Println(r)
	}
	right, err := G.Grad(repaired.Of(loss), repaired.Of(x))
	if err != nil {
		panic(err)
	}
	fmt.Printf("after  %.4f\n", run(right[0]))

	sum := G.Must(G.Sum(right[0]))
	again, err := repair.Graph(repaired.Graph)
	if err != nil {
		panic(err)
	}
	second, err := G.Grad(again.Of(sum), again.Of(repaired.Of(x)))
	if err != nil {
		panic(err)
	}
	fmt.Printf("second %.4f\n", run(second[0]))
	// Output:
	// before [0.6931  0.3466]
	// log2: its gradient is dy/(x/ln 2) in place of dy/(x ln 2)
	// after  [1.4427  0.7213]
	// second [-1.4427  -0.3607]
}

// Grad may be called on what it gave: the second derivative of x^3 is 6x.
func ExampleGrad() {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float64, G.WithShape(3), G.WithName("x"), G.WithValue(tensor.New(tensor.WithBacking([]float64{1, 2, 3}))))
	loss := G.Must(G.Sum(G.Must(G.Cube(x))))
	first, err := repair.Grad(loss, x)
	if err != nil {
		panic(err)
	}
	second, err := repair.Grad(G.Must(G.Sum(first[0])), x)
	if err != nil {
		panic(err)
	}
	fmt.Println(run(second[0]))
	// Output: [ 6  12  18]
}

// run gives a node's value on TapeMachine.
func run(n *G.Node) G.Value {
	var v G.Value
	G.Read(n, &v)
	m := G.NewTapeMachine(n.Graph())
	defer m.Close()
	if err := m.RunAll(); err != nil {
		panic(err)
	}
	return v
}
