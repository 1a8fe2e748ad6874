package reference

import (
	"errors"
	"fmt"
)

// Loss names a network's loss.
type Loss int

// The losses; see [HalfSquaredErrorForward] and [SoftmaxCrossEntropyForward].
const (
	HalfSquaredError Loss = iota
	SoftmaxCrossEntropy
)

// Network is a stack of layers and a loss, with a penalty of L2/2 times the sum
// of the squared weights, biases left out.
type Network struct {
	Layers []Layer
	Loss   Loss
	L2     float64

	// Outputs has each layer's output for the batch last run.
	Outputs [][]float64
}

// Forward gives the output for a batch of B inputs, (B, N). An input or a layer
// that does not fit is an error that names the layer and the shapes.
func (n *Network) Forward(x []float64, B int) ([]float64, error) {
	if len(n.Layers) == 0 {
		return nil, errors.New("reference: the network has no layers")
	}
	n.Outputs = nil
	for i, l := range n.Layers {
		if l == nil {
			return nil, fmt.Errorf("reference: layer %d is nil", i+1)
		}
		var err error
		if x, err = l.Forward(x, B); err != nil {
			return nil, wrap(i, l, err)
		}
		n.Outputs = append(n.Outputs, x)
	}
	return x, nil
}

// LossAndGradients computes the loss of a batch, dL/d(parameters), which stay
// in the layers' parameters, and dL/dx.
func (n *Network) LossAndGradients(x, target []float64, B int) (loss float64, dx []float64, err error) {
	if loss, err = n.LossOf(x, target, B); err != nil {
		return 0, nil, err
	}
	out := n.Outputs[len(n.Outputs)-1]
	d := make([]float64, len(out))
	if n.Loss == SoftmaxCrossEntropy {
		SoftmaxCrossEntropyBackward(d, out, target, B, len(out)/B)
	} else {
		HalfSquaredErrorBackward(d, out, target)
	}
	for i := len(n.Layers) - 1; i >= 0; i-- {
		if d, err = n.Layers[i].Backward(d); err != nil {
			return 0, nil, wrap(i, n.Layers[i], err)
		}
	}
	for _, p := range n.Params() {
		if !p.Bias {
			L2Backward(p.Grad, p.Value, n.L2)
		}
	}
	return loss, d, nil
}

// LossOf computes the loss of a batch alone; gradients stay as they are.
func (n *Network) LossOf(x, target []float64, B int) (float64, error) {
	out, err := n.Forward(x, B)
	if err != nil {
		return 0, err
	}
	if err := fits("target", len(target), B, len(out)/B); err != nil {
		return 0, fmt.Errorf("reference: loss: %w", err)
	}
	var loss float64
	switch n.Loss {
	case HalfSquaredError:
		loss = HalfSquaredErrorForward(out, target)
	case SoftmaxCrossEntropy:
		loss = SoftmaxCrossEntropyForward(out, target, B, len(out)/B)
	default:
		return 0, fmt.Errorf("reference: loss: there is none with the number %d", n.Loss)
	}
	for _, p := range n.Params() {
		if !p.Bias {
			loss += L2Forward(p.Value, n.L2)
		}
	}
	return loss, nil
}

// Params are the parameters of all layers in order.
func (n *Network) Params() []*Param {
	var all []*Param
	for _, l := range n.Layers {
		all = append(all, l.Params()...)
	}
	return all
}

// Step is plain gradient descent: w -= rate dw.
func (n *Network) Step(rate float64) {
	for _, p := range n.Params() {
		for i, g := range p.Grad {
			p.Value[i] -= rate * g
		}
	}
}

func wrap(i int, l Layer, err error) error {
	return fmt.Errorf("reference: layer %d (%v): %w", i+1, l, err)
}
