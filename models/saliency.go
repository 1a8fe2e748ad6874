package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// SaliencyGraph predicts, and says what the answer hangs on: pixels, or what a
// layer gives.
type SaliencyGraph struct {
	ForwardGraph
	Chosen *G.Node // (B, N): weights on the outputs, an input
	Of     *G.Node // what Slope is taken by: Input, or one of Layers
	Slope  *G.Node // d sum(Output * Chosen) / dOf in Of's shape, symbolic
}

// Saliency builds input, chosen -> output, answer and the slope of what is
// chosen: with one-hot rows in Chosen, Slope holds for each example the symbolic
// gradient of that one output, usually a logit, with respect to its pixels.
// Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks" (2014),
// section 3. Dropout is left out, as in prediction.
func (n *Network) Saliency(batch int) (*SaliencyGraph, error) {
	return build(n, batch, false, func(c *construction) (*SaliencyGraph, error) { return c.saliency(c.graph.Input) })
}

// LayerSaliency is [Network.Saliency] with respect to what a layer gives, counted
// from 0, in place of the pixels.
func (n *Network) LayerSaliency(batch, layer int) (*SaliencyGraph, error) {
	return build(n, batch, false, func(c *construction) (*SaliencyGraph, error) {
		if layer < 0 || layer >= len(c.graph.Layers) {
			return nil, fmt.Errorf("layer %d of %d: count from 0", layer, len(c.graph.Layers))
		}
		return c.saliency(c.graph.Layers[layer])
	})
}

func (c *construction) saliency(of *G.Node) (*SaliencyGraph, error) {
	f, err := c.forward()
	if err != nil {
		return nil, err
	}
	c.where = "saliency"
	g := &SaliencyGraph{ForwardGraph: *f, Of: of, Chosen: c.input("chosen", f.Output.Shape()...)}
	picked, err := G.HadamardProd(g.Output, g.Chosen)
	if err != nil {
		return nil, err
	}
	score, err := G.Sum(picked)
	if err != nil {
		return nil, err
	}
	one, err := scalar(score, 1)
	if err != nil {
		return nil, err
	}
	// gorgonia.Grad is this for inputs alone.
	slopes, err := G.Backpropagate(G.Nodes{score}, G.Nodes{g.Expr.AddNode(one)}, G.Nodes{of})
	if err != nil {
		return nil, err
	}
	g.Slope = slopes[0]
	return g, nil
}
