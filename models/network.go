package models

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// Spec is a network before it has weights: what it takes, its layers and its
// loss. The zero values of the last three are sensible.
type Spec struct {
	Name   string
	Input  []int // shape of one example, without the batch
	Layers []Layer
	Loss   Loss

	Init  Init         // of the weights; default GlorotUniform
	Dtype tensor.Dtype // tensor.Float32 (default) for training, tensor.Float64 for checking
	L2    float64      // lambda of the penalty lambda/2 sum w^2 over all weights but biases
}

// Network is a Spec with weights. Graphs built from it share them.
type Network struct {
	Spec
	Params []*Param

	names   []string // of the layers
	outputs [][]int  // shape of each layer's output
	first   []int    // index of each layer's first parameter; one longer than names
}

// Sequential is any stack of layers, trained with softmax cross-entropy unless
// Loss is set to something else.
func Sequential(input []int, layers ...Layer) Spec {
	return Spec{Name: "sequential", Input: input, Layers: layers, Loss: SoftmaxCrossEntropy()}
}

// WithActivation returns a copy of s in which every hidden activation is a.
func (s Spec) WithActivation(a Activation) Spec {
	s.Layers = slices.Clone(s.Layers)
	for i, l := range s.Layers {
		if _, ok := l.(Activation); ok && i < len(s.Layers)-1 {
			s.Layers[i] = a
		}
	}
	return s
}

// For returns a copy of s for other data: inputs of another shape, taken as
// vectors where s takes vectors, and another number of outputs, which the last
// dense layer gives.
func (s Spec) For(input []int, outputs int) Spec {
	if len(s.Input) == 1 {
		input = []int{volume(input)}
	}
	s.Input, s.Layers = slices.Clone(input), slices.Clone(s.Layers)
	for i, l := range slices.Backward(s.Layers) {
		if d, ok := l.(Dense); ok {
			d.Out = outputs
			s.Layers[i] = d
			break
		}
	}
	return s
}

// New checks that every layer fits the one before it and draws the starting
// weights from r, layer by layer. A mismatch is an error that names the layer
// and both shapes.
func (s Spec) New(r *Rand) (*Network, error) {
	if s.Init.Weight == nil {
		s.Init = GlorotUniform()
	}
	if s.Dtype == (tensor.Dtype{}) {
		s.Dtype = tensor.Float32
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	n := &Network{Spec: s}
	count := map[string]int{}
	shape, room := s.Input, mostWeights
	var wanted []Weight // of all layers: nothing is drawn before all fits
	for i, l := range s.Layers {
		count[l.Kind()]++
		name := fmt.Sprintf("%s%d", l.Kind(), count[l.Kind()])
		out, err := l.Shape(shape)
		if err != nil {
			return nil, fmt.Errorf("models: %s on input %s: layer %d, %s (%v): %w", s.Name, dims(s.Input), i+1, name, l, err)
		}
		n.first = append(n.first, len(wanted))
		for _, w := range l.Weights(shape) {
			if room = left(room, w.Shape); room < 0 {
				return nil, fmt.Errorf("models: %s: layer %d, %s (%v): with its %s of %s the network has more than %d weights", s.Name, i+1, name, l, w.Suffix, dims(w.Shape), mostWeights)
			}
			w.Suffix = name + "." + w.Suffix
			wanted = append(wanted, w)
		}
		n.names, n.outputs = append(n.names, name), append(n.outputs, out)
		shape = out
	}
	n.first = append(n.first, len(wanted))
	if len(shape) != 1 {
		return nil, fmt.Errorf("models: %s: output %v of the last layer, %s, is no vector: end with Flatten and Dense", s.Name, shape, n.names[len(n.names)-1])
	}
	for _, w := range wanted {
		p, err := s.param(r, w)
		if err != nil {
			return nil, err
		}
		n.Params = append(n.Params, p)
	}
	return n, nil
}

func (s Spec) check() error {
	switch {
	case len(s.Layers) == 0:
		return fmt.Errorf("models: %s has no layers", s.Name)
	case len(s.Input) != 1 && len(s.Input) != 3 || slices.Min(s.Input) < 1:
		return fmt.Errorf("models: %s: input shape %v, want (features) or (channels, height, width)", s.Name, s.Input)
	case s.Loss.Apply == nil:
		return fmt.Errorf("models: %s has no loss", s.Name)
	case s.L2 < 0:
		return fmt.Errorf("models: %s: L2 penalty %g is negative", s.Name, s.L2)
	case slices.Contains(s.Layers, nil):
		return fmt.Errorf("models: %s: layer %d is nil", s.Name, slices.Index(s.Layers, nil)+1)
	}
	if last := s.Layers[len(s.Layers)-1]; last == Layer(Softmax()) && s.Loss.Name == SoftmaxCrossEntropy().Name {
		return errors.New("models: " + s.Name + ": softmax cross-entropy includes the softmax; leave out the last layer")
	}
	return nil
}

// mostWeights bounds a network, 1 GB of float64: a slip of the pen is an error
// rather than the end of all memory.
const mostWeights = 1 << 27

// left is the room that a parameter leaves of room, negative where it has none.
func left(room int, shape []int) int {
	size := 1
	for _, d := range shape {
		if size > room/max(d, 1) {
			return -1
		}
		size *= d
	}
	return room - size
}

// param draws a parameter; its suffix is its whole name.
func (s Spec) param(r *Rand, w Weight) (*Param, error) {
	values := make([]float64, volume(w.Shape))
	if fill := s.Init.Weight; !w.Bias {
		fill(r, w.Fan, values)
	} else if s.Init.Bias != nil {
		s.Init.Bias(r, w.Fan, values)
	}
	p, err := NewParam(w.Suffix, s.Dtype, values, w.Shape...)
	if err == nil {
		p.Bias = w.Bias
	}
	return p, err
}

// LayerNames lists the layers' names, in order: conv1, sigmoid1, pool1, ...
func (n *Network) LayerNames() []string { return slices.Clone(n.names) }

// LayerParams lists the parameters of one layer.
func (n *Network) LayerParams(layer int) []*Param { return n.Params[n.first[layer]:n.first[layer+1]] }

// Outputs is the number of outputs, N of (B, N).
func (n *Network) Outputs() int { return n.outputs[len(n.outputs)-1][0] }

// Size is the number of weights, biases included.
func (n *Network) Size() int {
	total := 0
	for _, p := range n.Params {
		total += p.Len()
	}
	return total
}

// As returns a copy of the network with weights of another dtype, rounded where
// that is float32. The copy shares nothing with n.
func (n *Network) As(dtype tensor.Dtype) (*Network, error) {
	c := *n
	c.Dtype, c.Params = dtype, nil
	for _, p := range n.Params {
		q, err := NewParam(p.Name, dtype, p.Float64s(), p.Shape...)
		if err != nil {
			return nil, err
		}
		q.Bias = p.Bias
		c.Params = append(c.Params, q)
	}
	return &c, nil
}

// String is a table of the layers: name, what it is, output shape, parameters.
func (n *Network) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: input %s\n", n.Name, dims(n.Input))
	for i, l := range n.Layers {
		weights := 0
		for _, p := range n.LayerParams(i) {
			weights += p.Len()
		}
		line := fmt.Sprintf("  %-12s %-22v %-12s", n.names[i], l, dims(n.outputs[i]))
		if weights > 0 {
			line += fmt.Sprintf(" %7d parameters", weights)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	fmt.Fprintf(&b, "  loss: %s; %d parameters", n.Loss.Name, n.Size())
	return b.String()
}

func dims(shape []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", "x")
}

// LayerInput is the shape that a layer takes, without the batch.
func (n *Network) LayerInput(layer int) []int {
	if layer == 0 {
		return slices.Clone(n.Input)
	}
	return slices.Clone(n.outputs[layer-1])
}
