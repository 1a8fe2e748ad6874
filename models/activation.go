package models

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// Activation is a layer without weights that keeps its input's shape. Use the
// functions below to make one.
type Activation struct {
	Name  string
	Slope float64 // of leaky ReLU for x < 0

	own *func(x *G.Node) (*G.Node, error)
}

// NewActivation is an activation of your own: apply adds it to x's graph, with
// operators that Gorgonia can differentiate. Checkpoints and ONNX files cannot
// describe it.
func NewActivation(name string, apply func(x *G.Node) (*G.Node, error)) Activation {
	return Activation{Name: name, own: &apply}
}

// Own tells whether [NewActivation] made it.
func (a Activation) Own() bool { return a.own != nil }

// Sigmoid is 1 / (1 + exp(-x)).
func Sigmoid() Activation { return Activation{Name: "sigmoid"} }

// Tanh is the hyperbolic tangent.
func Tanh() Activation { return Activation{Name: "tanh"} }

// ReLU is x where x >= 0, else 0; its derivative at 0 is 1, as Gorgonia has it.
func ReLU() Activation { return Activation{Name: "relu"} }

// LeakyReLU is x where x >= 0, else slope*x; its derivative at 0 is 1.
func LeakyReLU(slope float64) Activation { return Activation{Name: "leaky-relu", Slope: slope} }

// Softmax is exp(x_j) / sum_k exp(x_k) over the features of a vector. A network
// trained with [SoftmaxCrossEntropy] ends before it: that loss includes it.
func Softmax() Activation { return Activation{Name: "softmax"} }

// Activations lists the hidden activations that have a name of their own.
func Activations() []Activation { return []Activation{Sigmoid(), Tanh(), ReLU(), LeakyReLU(0.01)} }

// ActivationByName finds one of [Activations].
func ActivationByName(name string) (Activation, error) {
	var names []string
	for _, a := range Activations() {
		if a.Name == name {
			return a, nil
		}
		names = append(names, a.Name)
	}
	return Activation{}, fmt.Errorf("models: no activation %q; choose one of %s", name, strings.Join(names, ", "))
}

func (a Activation) Kind() string { return a.Name }

func (a Activation) String() string {
	if a.Name == LeakyReLU(0).Name {
		return fmt.Sprintf("%s %g", a.Name, a.Slope)
	}
	return a.Name
}

func (a Activation) Shape(in []int) ([]int, error) {
	if a.Name == "softmax" && len(in) != 1 {
		return nil, fmt.Errorf("input %v, want a vector (features)", in)
	}
	return in, nil
}

func (Activation) Weights([]int) []Weight { return nil }

func (a Activation) Apply(_ *Builder, x *G.Node, _ G.Nodes) (*G.Node, error) {
	if a.own != nil {
		return (*a.own)(x)
	}
	switch a.Name {
	case "sigmoid":
		return G.Sigmoid(x)
	case "tanh":
		return G.Tanh(x)
	case "relu":
		return G.Rectify(x)
	case "leaky-relu":
		return G.LeakyRelu(x, a.Slope)
	case "softmax":
		return ops.Softmax(x)
	}
	return nil, fmt.Errorf("no activation %q", a.Name)
}
