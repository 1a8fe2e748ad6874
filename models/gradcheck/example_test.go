package gradcheck_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/models/gradcheck"
)

// In a Go test: every element of the gradient of anybody's loss.
func ExampleTest() {
	test := func(t *testing.T) {
		gradcheck.Test(t, func(p gorgonia.Nodes) (*gorgonia.Node, error) {
			return gorgonia.Sum(gorgonia.Must(gorgonia.Tanh(p[0])))
		}, []gradcheck.Tensor{{Name: "w", Shape: []int{2, 3}, Values: []float64{-2, -1, -0.5, 0.5, 1, 2}}}, gradcheck.Options{})
	}
	_ = test // run by go test as TestTanh, say
}

func ExampleCheck() {
	mismatches, err := gradcheck.Check(func(p gorgonia.Nodes) (*gorgonia.Node, error) {
		return gorgonia.Sum(gorgonia.Must(gorgonia.Square(p[0])))
	}, []gradcheck.Tensor{{Name: "w", Shape: []int{3}, Values: []float64{1, -2, 3}}}, gradcheck.Options{})
	fmt.Println(len(mismatches), err)
	// Output: 0 <nil>
}

// A network's symbolic gradients against hand-written ones and differences.
func ExampleNetwork() {
	net, err := models.TwoLayers(3, 4, 1).New(models.NewRand(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := gradcheck.Network(net, []float64{0, 1, 1}, []float64{1}, 1, gradcheck.NetworkOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range report.Params {
		fmt.Println(p.Name, p.HandWritten < 1e-10, p.Difference < 1e-6)
	}
	// Output:
	// fc1.weight true true
	// fc2.weight true true
}
