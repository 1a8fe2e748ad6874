package reference

import "fmt"

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
}

// Forward gives the output for a batch of B inputs.
func (n *Network) Forward(x []float64, B int) ([]float64, error) {
	for i, l := range n.Layers {
		var err error
		if x, err = l.Forward(x, B); err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
	}
	return x, nil
}

// LossAndGradients computes the loss of a batch, dL/d(parameters), which stay
// in the layers' parameters, and dL/dx.
func (n *Network) LossAndGradients(x, target []float64, B int) (loss float64, dx []float64, err error) {
	out, err := n.Forward(x, B)
	if err != nil {
		return 0, nil, err
	}
	if err := size("loss", len(target), len(out)); err != nil {
		return 0, nil, err
	}
	d := make([]float64, len(out))
	switch n.Loss {
	case SoftmaxCrossEntropy:
		loss = SoftmaxCrossEntropyForward(out, target, B, len(out)/B)
		SoftmaxCrossEntropyBackward(d, out, target, B, len(out)/B)
	default:
		loss = HalfSquaredErrorForward(out, target)
		HalfSquaredErrorBackward(d, out, target)
	}
	for i := len(n.Layers) - 1; i >= 0; i-- {
		d = n.Layers[i].Backward(d)
	}
	return loss + n.penalty(), d, nil
}

// LossOf computes the loss of a batch alone.
func (n *Network) LossOf(x, target []float64, B int) (float64, error) {
	out, err := n.Forward(x, B)
	if err != nil {
		return 0, err
	}
	if err := size("loss", len(target), len(out)); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, p := range n.Params() {
		for _, w := range p.Value {
			if !p.Bias {
				sum += w * w
			}
		}
	}
	if n.Loss == SoftmaxCrossEntropy {
		return SoftmaxCrossEntropyForward(out, target, B, len(out)/B) + n.L2/2*sum, nil
	}
	return HalfSquaredErrorForward(out, target) + n.L2/2*sum, nil
}

// penalty is L2/2 sum w^2; its gradient, L2 w, is added to the weights'.
func (n *Network) penalty() float64 {
	sum := 0.0
	for _, p := range n.Params() {
		if p.Bias || n.L2 == 0 {
			continue
		}
		for i, w := range p.Value {
			sum += w * w
			p.Grad[i] += n.L2 * w
		}
	}
	return n.L2 / 2 * sum
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

// Neuron is the nine-line neuron: sigmoid(x W [+ b]), half squared error.
func Neuron(inputs int, bias bool) *Network {
	return &Network{Layers: []Layer{NewDense(inputs, 1, bias), &Pointwise{Kind: "sigmoid"}}}
}

// MLP is a perceptron of the given widths with an activation after each hidden
// layer and softmax cross-entropy.
func MLP(activation string, widths ...int) *Network {
	n := &Network{Loss: SoftmaxCrossEntropy}
	for i := 1; i < len(widths); i++ {
		n.Layers = append(n.Layers, NewDense(widths[i-1], widths[i], true))
		if i < len(widths)-1 {
			n.Layers = append(n.Layers, &Pointwise{Kind: activation})
		}
	}
	return n
}

// Tutorial is the CNN tutorial's network for images of 28x28.
func Tutorial() *Network {
	return &Network{Loss: SoftmaxCrossEntropy, Layers: []Layer{
		NewConv2D(1, 10, Window{H: 28, W: 28, KH: 5, KW: 5, Stride: 1}, true), &Pointwise{Kind: "sigmoid"},
		&Pool{Channels: 10, Window: Window{H: 24, W: 24, KH: 2, KW: 2, Stride: 2}},
		NewDense(1440, 128, true), &Pointwise{Kind: "sigmoid"},
		NewDense(128, 10, true),
	}}
}
