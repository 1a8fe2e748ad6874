package train

import (
	"fmt"

	"symgrad/models"
)

// LayerOutput is what one layer gives for a batch of inputs.
type LayerOutput struct {
	Name   string // conv1, sigmoid1, ...
	Kind   string // conv, sigmoid, ...
	Shape  []int  // of one example: (C, H, W) or (features)
	Values []float64
}

// Example is the part of the values that belongs to one example.
func (l LayerOutput) Example(i int) []float64 {
	n := 1
	for _, d := range l.Shape {
		n *= d
	}
	return l.Values[i*n : (i+1)*n]
}

// Layers runs a network, without dropout, on a batch of inputs given one
// after the other and returns the output of every layer.
func Layers(net *models.Network, inputs []float64) ([]LayerOutput, error) {
	size := 1
	for _, d := range net.Input {
		size *= d
	}
	if len(inputs) == 0 || len(inputs)%size != 0 {
		return nil, fmt.Errorf("train: %d numbers given, want a multiple of %d, the input of %s", len(inputs), size, net.Name)
	}
	g, err := net.Forward(len(inputs) / size)
	if err != nil {
		return nil, err
	}
	b, err := bind(g.Graph, nil, OwnVM(0), g.Layers...)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if err := fill(b.input, inputs); err != nil {
		return nil, err
	}
	if err := b.machine.RunAll(); err != nil {
		return nil, fmt.Errorf("train: layers: %w", err)
	}
	var out []LayerOutput
	for i, name := range net.LayerNames() {
		l := LayerOutput{Name: name, Kind: net.Layers[i].Kind(), Shape: []int(g.Layers[i].Shape()[1:])}
		values(b.machine.Value(g.Layers[i]).Data(), func(_ int, v float64) bool {
			l.Values = append(l.Values, v)
			return true
		})
		out = append(out, l)
	}
	return out, nil
}
