package curvature_test

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/models/repair"
	"symgrad/train/curvature"
	"symgrad/train/vm"
)

// neuron is the tutorial's, with its four rows and a penalty on its weights, which
// gives it a minimum.
func neuron() (*models.Network, *models.EvaluationGraph) {
	spec := models.Neuron(3)
	spec.L2 = 0.01
	net, err := spec.New(models.NewRand(1))
	if err != nil {
		panic(err)
	}
	g, err := net.Evaluation(4)
	if err != nil {
		panic(err)
	}
	copy(g.Input.Value().Data().([]float64), []float64{0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1})
	copy(g.Target.Value().Data().([]float64), []float64{0, 1, 1, 0})
	return net, g
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The loss (x y)^2 at (1, 2): its Hessian is (2y^2, 4xy; 4xy, 2x^2).
func ExampleLoss_HessianVector() {
	g := G.NewGraph()
	x := G.NewScalar(g, G.Float64, G.WithName("x"), G.WithValue(1.0))
	y := G.NewScalar(g, G.Float64, G.WithName("y"), G.WithValue(2.0))
	square := must(G.Square(must(G.Mul(x, y))))
	loss := must(curvature.Compile(square, G.Nodes{x, y}, vm.Config{}))
	defer loss.Close()
	fmt.Println(loss.HessianVector([]float64{1, 0}))
	fmt.Println(loss.HessianVector([]float64{0, 1}))
	// Output:
	// [8 8] <nil>
	// [8 2] <nil>
}

func ExampleLargest() {
	_, g := neuron()
	loss := must(curvature.Compile(g.Loss, g.Params, vm.Config{}))
	defer loss.Close()
	for _, e := range must(curvature.Largest(3, loss.Len(), 3, 1, loss.HessianVector)) {
		fmt.Printf("%.4f\n", e.Value)
	}
	// Output:
	// 0.1054
	// 0.0123
	// -0.1932
}

func ExampleNewton() {
	net, g := neuron()
	loss := must(curvature.Compile(g.Loss, g.Params, vm.Config{}))
	defer loss.Close()
	for i, s := range must(curvature.Newton(loss, 20, 1e-8)) {
		fmt.Printf("%d: loss %.6f\n", i, s.Loss)
	}
	fmt.Printf("weights %.3f\n", net.Params[0].Float64s())
	// Output:
	// 0: loss 0.825938
	// 1: loss 0.760901
	// 2: loss 0.671775
	// 3: loss 0.564557
	// 4: loss 0.264290
	// 5: loss 0.171201
	// 6: loss 0.120683
	// 7: loss 0.118201
	// 8: loss 0.118181
	// 9: loss 0.118181
	// weights [3.395 -0.180 -1.489]
}

// The gradient of a loss that holds a gradient: Gorgonia's own Grad cannot.
func ExamplePenalty() {
	_, g := neuron()
	penalty := must(curvature.Penalty(0.1, g.Loss, g.Input))
	both := must(G.Add(g.Loss, penalty))
	grads := must(repair.Grad(both, g.Params...))
	m := must(vm.New(g.Expr, vm.Config{Results: G.Nodes{penalty, grads[0]}}))
	defer m.Close()
	if err := m.RunAll(); err != nil {
		panic(err)
	}
	fmt.Printf("penalty %.5f, gradient %.5f\n", m.Value(penalty).Data(), m.Value(grads[0]).Data())
	// Output:
	// penalty 0.00216, gradient [-0.21666 -0.04745 -0.10150]
}
