package models

import (
	"errors"

	G "gorgonia.org/gorgonia"
)

// Layer is one step of a network. Shapes here are of one example, without the
// batch: (channels, height, width) for images, (features) for vectors.
type Layer interface {
	// Kind is the stem of the layer's name: the second "conv" of a network is conv2.
	Kind() string
	// Shape gives the output's shape, or an error where the input does not fit.
	Shape(in []int) ([]int, error)
	// Weights lists the parameters for an input that fits.
	Weights(in []int) []Weight
	// Apply adds the layer to x's graph; w holds the nodes of Weights, in order.
	Apply(b *Builder, x *G.Node, w G.Nodes) (*G.Node, error)
}

// Weight describes one parameter of a layer.
type Weight struct {
	Suffix string // "weight" or "bias"
	Shape  []int
	Fan    Fan // of the layer's weights, for its bias too
	Bias   bool
}

// Builder is what a layer may ask for while its network becomes a graph.
type Builder struct {
	Training bool   // false in evaluation and prediction
	Layer    string // the name of the layer being added

	c *construction
}

// Mask is an input of a training graph that dropout multiplies by: each element
// is 1/(1-Drop) with probability 1-Drop, else 0. Whoever trains fills it before
// each step.
type Mask struct {
	Node *G.Node
	Drop float64
}

// Mask adds a mask of x's shape to a training graph; no other graph has masks.
func (b *Builder) Mask(x *G.Node, drop float64) (*G.Node, error) {
	if !b.Training {
		return nil, errors.New("a mask is asked for, which only training graphs have")
	}
	m := b.c.input(b.Layer+".mask", x.Shape()...)
	b.c.masks = append(b.c.masks, Mask{Node: m, Drop: drop})
	return m, nil
}
