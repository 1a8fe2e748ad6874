package models

import "gorgonia.org/tensor"

// Neuron is the nine-line neural network: inputs -> 1, without a bias,
//
//	output = sigmoid(x W)
//
// trained on half the squared error, its weights drawn from U[-1, 1) as the
// tutorial's 2*random.random((3, 1)) - 1 does. Milo Spencer-Harper, "How to
// build a simple neural network in 9 lines of Python code" (2015).
func Neuron(inputs int) Spec {
	return Spec{
		Name:   "neuron",
		Input:  []int{inputs},
		Layers: []Layer{Dense{Out: 1, NoBias: true}, Sigmoid()},
		Loss:   HalfSquaredError(),
		Init:   Uniform(-1, 1),
		Dtype:  tensor.Float64,
	}
}

// NeuronWithBias is [Neuron] with output = sigmoid(x W + b): without b the
// answer for the input 0 is always 0.5.
func NeuronWithBias(inputs int) Spec {
	s := Neuron(inputs)
	s.Layers = []Layer{Dense{Out: 1}, Sigmoid()}
	return s
}

// TwoLayers is the tutorials' network with one hidden layer, in -> hidden -> out,
// sigmoids and no biases, starting as [Neuron] does. Andrew Trask, "A Neural
// Network in 11 lines of Python" (2015), and Spencer-Harper's follow-up.
func TwoLayers(in, hidden, out int) Spec {
	s := Neuron(in)
	s.Name = "two layers"
	s.Layers = []Layer{Dense{Out: hidden, NoBias: true}, Sigmoid(), Dense{Out: out, NoBias: true}, Sigmoid()}
	return s
}
