package reference

// Neuron is the nine-line neuron: sigmoid(x W [+ b]), half squared error. The
// tutorial's has three inputs and no bias. Spencer-Harper (2015).
func Neuron(inputs int, bias bool) *Network {
	return &Network{Layers: []Layer{NewDense(inputs, 1, bias), &Pointwise{Kind: "sigmoid"}}}
}

// MLP is a perceptron of the given widths, inputs first, with an activation (a
// kind of [Pointwise]) after each hidden layer and softmax cross-entropy.
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

// Tutorial is the CNN tutorial's network for images of 28x28: 10 maps of 5x5,
// sigmoid, 2x2 max-pooling, 1440-128-10. Wangliaofan (2014).
func Tutorial() *Network {
	return &Network{Loss: SoftmaxCrossEntropy, Layers: []Layer{
		NewConv2D(1, 10, Window{H: 28, W: 28, KH: 5, KW: 5, Stride: 1}, true), // 10 x 24 x 24
		&Pointwise{Kind: "sigmoid"},
		&Pool{Channels: 10, Window: Window{H: 24, W: 24, KH: 2, KW: 2, Stride: 2}}, // 10 x 12 x 12
		&Pointwise{Kind: "flatten"},
		NewDense(1440, 128, true),
		&Pointwise{Kind: "sigmoid"},
		NewDense(128, 10, true),
	}}
}

// LeNet is a small CNN for images of 28x28, after LeCun et al. (1998) with
// today's 3x3 filters and ReLU: 32 maps, 64 maps, 1600-128-10.
func LeNet() *Network {
	return &Network{Loss: SoftmaxCrossEntropy, Layers: []Layer{
		NewConv2D(1, 32, Window{H: 28, W: 28, KH: 3, KW: 3, Stride: 1}, true), // 32 x 26 x 26
		&Pointwise{Kind: "relu"},
		&Pool{Channels: 32, Window: Window{H: 26, W: 26, KH: 2, KW: 2, Stride: 2}}, // 32 x 13 x 13
		NewConv2D(32, 64, Window{H: 13, W: 13, KH: 3, KW: 3, Stride: 1}, true),     // 64 x 11 x 11
		&Pointwise{Kind: "relu"},
		&Pool{Channels: 64, Window: Window{H: 11, W: 11, KH: 2, KW: 2, Stride: 2}}, // 64 x 5 x 5
		&Pointwise{Kind: "flatten"},
		NewDense(1600, 128, true),
		&Pointwise{Kind: "relu"},
		NewDense(128, 10, true),
	}}
}
