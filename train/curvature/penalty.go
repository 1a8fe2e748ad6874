package curvature

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/repair"
)

// Penalty is the node strength/2 |dloss/dby|^2, summed over all of by. With a
// loss's input it is how much the loss hangs on small changes of the input
// (Drucker and LeCun, "Improving generalization performance using double
// backpropagation", 1992); with parameters, how steep the loss is. Its own
// gradient, by repair.Grad or [Compile], is a product with second derivatives.
func Penalty(strength float64, loss *G.Node, by ...*G.Node) (*G.Node, error) {
	if len(by) == 0 {
		return nil, fmt.Errorf("curvature: a penalty by nothing: want at least one node")
	}
	grads, err := repair.Grad(loss, by...)
	if err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	squares, err := inner(grads, grads)
	if err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	half := G.NewConstant(strength / 2)
	if loss.Dtype() == tensor.Float32 {
		half = G.NewConstant(float32(strength / 2))
	}
	return G.HadamardProd(half, squares)
}
