// Package inspect shows what a network makes of one input: what every layer
// gives, the answer, and what the answer hangs on.
//
//	look, err := inspect.New(net, nil)
//	view, err := look.At(pixels, inspect.Answer)
//	view.Saliency // d logit / d pixel, from the symbolic gradient
//
// An [Integrator] shares the answer out among the pixels, a [Camera] says where
// in the picture the last convolution saw it, and an [Attacker] changes the
// pixels a little so that the answer is another.
package inspect

import (
	"errors"
	"slices"

	"symgrad/models"
	"symgrad/train"
)

// Answer stands for the class that the network itself finds most probable.
const Answer = -1

// Inspector runs one network on one input at a time. It is not safe for
// concurrent use; several inspectors of one network are.
type Inspector struct {
	net *models.Network
	*slopes
}

// View is what a network makes of an input.
type View struct {
	Class         int                 // the most probable; 0 where there is one output only
	Probabilities []float64           // softmax of the logits, or what the last activation gave
	Logits        []float64           // the output
	Layers        []train.LayerOutput // of the one input, in order

	Chosen   int       // the output that Saliency is of
	Saliency []float64 // d output[Chosen] / d input, in the input's order
}

// New builds the graph; machine nil means train.OwnVM(0).
func New(net *models.Network, machine train.Backend) (*Inspector, error) {
	g, err := net.Saliency(1)
	if err != nil {
		return nil, err
	}
	s, err := newSlopes(g, machine, g.Layers...)
	if err != nil {
		return nil, err
	}
	return &Inspector{net, s}, nil
}

// At looks at one input, given as numbers in row-major order, and differentiates
// one output, or that of the [Answer]. A number that is not finite is an error.
func (i *Inspector) At(input []float64, class int) (View, error) {
	chosen, err := i.at(input, class)
	if err != nil {
		return View{}, err
	}
	v := View{Chosen: chosen}
	v.Probabilities = i.read(i.graph.Answer)
	v.Class = largest(v.Probabilities)
	v.Logits = i.read(i.graph.Output)
	v.Saliency = i.read(i.graph.Slope)
	for k, name := range i.net.LayerNames() {
		n := i.graph.Layers[k]
		v.Layers = append(v.Layers, train.LayerOutput{Name: name, Kind: i.net.Layers[k].Kind(), Shape: slices.Clone([]int(n.Shape()[1:])), Values: i.read(n)})
	}
	return v, v.finite()
}

func (v View) finite() error {
	for _, l := range v.Layers {
		if err := finite("what "+l.Name+" gives", l.Values); err != nil {
			return err
		}
	}
	return errors.Join(finite("the answer", v.Probabilities), finite("the saliency", v.Saliency))
}
