package curvature

import (
	"fmt"

	"symgrad/models"
	"symgrad/train/vm"
)

// Of compiles a network's loss on one batch, input (B, the shape of one example)
// and target (B, outputs), both row-major, without dropout. The point is the
// network's weights: while it is trained, the loss moves along.
func Of(net *models.Network, input, target []float64, cfg vm.Config) (*Loss, error) {
	batch := len(target) / net.Outputs()
	g, err := net.Evaluation(batch)
	if err != nil {
		return nil, err
	}
	if want := g.Input.Shape().TotalSize(); len(input) != want || len(target) != batch*net.Outputs() {
		return nil, fmt.Errorf("curvature: %d numbers and %d targets: want %d and %d for a batch of %d", len(input), len(target), want, batch*net.Outputs(), batch)
	}
	if err := write(g.Input, input); err != nil {
		return nil, err
	}
	if err := write(g.Target, target); err != nil {
		return nil, err
	}
	return Compile(g.Loss, g.Params, cfg)
}
