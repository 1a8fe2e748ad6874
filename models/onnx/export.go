package onnx

import (
	"fmt"
	"io"

	"symgrad/models"
)

const (
	irVersion = 7 // of the file format that came with operator set 13
	opset     = 13
)

// Export writes a network. Weights of float64 are rounded to float32, which is
// what runtimes have kernels for. A layer that ONNX does not have is an error.
func Export(w io.Writer, net *models.Network) error {
	graph, err := graph(net)
	if err != nil {
		return fmt.Errorf("onnx: %s: %w", net.Name, err)
	}
	model := message(nil).integer(1, irVersion).text(2, "symgrad").message(7, graph).
		message(8, message(nil).text(1, "").integer(2, opset))
	if _, err := w.Write(model); err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	return nil
}

// graph is a GraphProto: the layers as nodes, in order, each output named after
// its layer.
func graph(net *models.Network) (message, error) {
	m := message(nil).text(2, net.Name)
	names := net.LayerNames()
	value := "input"
	for i, l := range net.Layers {
		op, attributes, err := node(l)
		if err != nil {
			return nil, fmt.Errorf("layer %d, %s: %w", i+1, names[i], err)
		}
		n := message(nil).text(1, value)
		for _, p := range net.LayerParams(i) {
			n = n.text(1, p.Name)
		}
		value = names[i]
		if i == len(net.Layers)-1 {
			value = output(net)
		}
		n = n.text(2, value).text(3, names[i]).text(4, op)
		for _, a := range attributes {
			n = n.message(5, a)
		}
		m = m.message(1, n)
	}
	for _, p := range net.Params {
		m = m.message(5, float32s(p.Name, p.Shape, p.Float64s()))
	}
	return m.message(11, batched("input", net.Input)).message(12, batched(value, []int{net.Outputs()})), nil
}

// output names what the network gives.
func output(net *models.Network) string {
	if net.Loss.Name == models.SoftmaxCrossEntropy().Name {
		return "logits"
	}
	return "output"
}

// node is the operator of a layer, and its attributes.
func node(l models.Layer) (string, []message, error) {
	switch l := l.(type) {
	case models.Dense:
		return "Gemm", nil, nil // x W + b, the bias optional
	case models.Conv2D:
		p := l.Pad()
		return "Conv", append(window(l.Kernel, max(l.Stride, 1)), attribute("pads", []int{p, p, p, p})), nil
	case models.MaxPool:
		return "MaxPool", window(l.Size, stride(l.Size, l.Stride)), nil
	case models.MeanPool:
		return "AveragePool", window(l.Size, stride(l.Size, l.Stride)), nil
	case models.Flatten:
		return "Flatten", []message{attribute("axis", 1)}, nil
	case models.Dropout:
		return "Identity", nil, nil
	case models.Activation:
		if l.Own() {
			break
		}
		switch l.Name {
		case "sigmoid":
			return "Sigmoid", nil, nil
		case "tanh":
			return "Tanh", nil, nil
		case "relu":
			return "Relu", nil, nil
		case "leaky-relu":
			return "LeakyRelu", []message{attribute("alpha", l.Slope)}, nil
		case "softmax":
			return "Softmax", []message{attribute("axis", 1)}, nil
		}
	}
	return "", nil, fmt.Errorf("%v (a %T) has no operator in ONNX", l, l)
}

func window(size, stride int) []message {
	return []message{attribute("kernel_shape", []int{size, size}), attribute("strides", []int{stride, stride})}
}

func stride(size, stride int) int {
	if stride == 0 {
		return size
	}
	return stride
}
