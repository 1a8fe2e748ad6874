package models

import (
	G "gorgonia.org/gorgonia"
)

// FactorGraph gives what the gradient of each example of a batch is made of: of a
// dense layer it is the outer product of the layer's input and the slope of its
// output, of a convolution their correlation.
type FactorGraph struct {
	Graph
	Target *G.Node // (B, N), an input
	Loss   *G.Node // scalar: the sum of the examples' losses, without the penalty
	Of     []int   // the layers that have weights
	Inputs G.Nodes // what each of these takes
	Slopes G.Nodes // dLoss/d what each of these gives, in its shape: of an example, its own loss's
}

// Factors builds input, target -> the factors of the gradients of each example,
// by one symbolic differentiation. Dropout is left out.
func (n *Network) Factors(batch int) (*FactorGraph, error) {
	return build(n, batch, false, (*construction).factors)
}

func (c *construction) factors() (*FactorGraph, error) {
	c.where = "gradient of each example"
	g := &FactorGraph{Graph: c.graph, Target: c.input("target", c.graph.Batch, c.net.Outputs())}
	var err error
	if g.Loss, err = c.net.Loss.Apply(g.Output, g.Target); err != nil {
		return nil, err
	}
	if c.net.Loss.Mean {
		if g.Loss, err = times(g.Loss, float64(g.Batch)); err != nil {
			return nil, err
		}
	}
	var outputs G.Nodes
	in := g.Input
	for i, out := range g.Layers {
		if len(c.net.LayerParams(i)) > 0 {
			g.Of, g.Inputs, outputs = append(g.Of, i), append(g.Inputs, in), append(outputs, out)
		}
		in = out
	}
	one, err := scalar(g.Loss, 1)
	if err != nil {
		return nil, err
	}
	g.Slopes, err = G.Backpropagate(G.Nodes{g.Loss}, G.Nodes{g.Expr.AddNode(one)}, outputs)
	return g, err
}
