package models

// Tutorial is the CNN tutorial's network for 28x28 digits: 10 feature maps of
// 5x5, sigmoid, 2x2 max-pooling, 128 hidden units, 10 classes. Wangliaofan
// (2014).
func Tutorial() Spec {
	s := Sequential([]int{1, 28, 28},
		Conv2D{Maps: 10, Kernel: 5}, Sigmoid(), MaxPool{Size: 2}, // 10 x 12 x 12
		Flatten{},
		Dense{Out: 128}, Sigmoid(),
		Dense{Out: 10},
	)
	s.Name = "tutorial"
	return s
}

// LeNet is a small CNN after LeCun et al., "Gradient-based learning applied to
// document recognition" (1998), with today's 3x3 filters and ReLU.
func LeNet() Spec {
	s := Sequential([]int{1, 28, 28},
		Conv2D{Maps: 32, Kernel: 3}, ReLU(), MaxPool{Size: 2}, // 32 x 13 x 13
		Conv2D{Maps: 64, Kernel: 3}, ReLU(), MaxPool{Size: 2}, // 64 x 5 x 5
		Flatten{},
		Dense{Out: 128}, ReLU(),
		Dense{Out: 10},
	)
	s.Name, s.Init = "lenet", HeUniform()
	return s
}

// Small is a CNN with few enough weights to look at: 8 filters, then 16, and no
// hidden layer behind them. It is what the playground trains.
func Small() Spec {
	s := Sequential([]int{1, 28, 28},
		Conv2D{Maps: 8, Kernel: 5}, ReLU(), MaxPool{Size: 2}, // 8 x 12 x 12
		Conv2D{Maps: 16, Kernel: 5}, ReLU(), MaxPool{Size: 2}, // 16 x 4 x 4
		Flatten{},
		Dense{Out: 10},
	)
	s.Name, s.Init = "small", HeUniform()
	return s
}

// Custom is a network for images of the layers that are written, as
// [ParseLayers] reads them, and a dense layer of 10 classes behind them.
func Custom(layers string) (Spec, error) {
	parsed, err := ParseLayers(layers)
	if err != nil {
		return Spec{}, err
	}
	s := Sequential([]int{1, 28, 28}, append(parsed, Dense{Out: 10})...)
	s.Name, s.Init = "custom", HeUniform()
	return s, nil
}
