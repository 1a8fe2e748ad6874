package models

import (
	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
)

// FactorGraph gives what the gradient of each example of a batch is made of.
type FactorGraph struct {
	Graph
	Target  *G.Node // (B, N), an input
	Loss    *G.Node // scalar: the sum of the examples' losses, without the penalty
	Factors []Factor
}

// Factor is the part of a gradient that belongs to the weights of a layer, example
// by example.
type Factor struct {
	Layer int // its number in the network

	// Of a dense layer the gradient is the outer product of the layer's input and
	// the slope of its output, of the example's own loss.
	Input, Slope *G.Node

	// Of a convolution it is written down: see [ops.Conv2DEachGradOp].
	Each *G.Node
}

// Results are the nodes that a machine is asked for.
func (g *FactorGraph) Results() G.Nodes {
	nodes := G.Nodes{g.Loss}
	for _, f := range g.Factors {
		if f.Each != nil {
			nodes = append(nodes, f.Each)
		} else {
			nodes = append(nodes, f.Input, f.Slope)
		}
	}
	return nodes
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
	var inputs, outputs G.Nodes
	in := g.Input
	for i, out := range g.Layers {
		if len(c.net.LayerParams(i)) > 0 {
			g.Factors, inputs, outputs = append(g.Factors, Factor{Layer: i}), append(inputs, in), append(outputs, out)
		}
		in = out
	}
	one, err := scalar(g.Loss, 1)
	if err != nil {
		return nil, err
	}
	slopes, err := G.Backpropagate(G.Nodes{g.Loss}, G.Nodes{g.Expr.AddNode(one)}, outputs)
	if err != nil {
		return nil, err
	}
	for k := range g.Factors {
		f := &g.Factors[k]
		l, ok := c.net.Layers[f.Layer].(Conv2D)
		if !ok {
			f.Input, f.Slope = inputs[k], slopes[k]
			continue
		}
		if f.Each, err = ops.Conv2DEachGrad(inputs[k], slopes[k], square(l.Kernel), square(l.step()), square(l.Pad())); err != nil {
			return nil, err
		}
	}
	return g, nil
}
