package models

// MLP is a multi-layer perceptron: widths[0] inputs, a ReLU after each hidden
// layer, the last width's logits into softmax cross-entropy:
//
//	h = relu(x W1 + b1),  logits = h W2 + b2
func MLP(widths ...int) Spec {
	s := Spec{Name: "mlp", Loss: SoftmaxCrossEntropy(), Init: HeUniform()}
	for i, width := range widths {
		switch {
		case i == 0:
			s.Input = []int{width}
		case i < len(widths)-1:
			s.Layers = append(s.Layers, Dense{Out: width}, ReLU())
		default:
			s.Layers = append(s.Layers, Dense{Out: width})
		}
	}
	return s
}
