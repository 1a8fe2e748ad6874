package models

import (
	G "gorgonia.org/gorgonia"
)

// SaliencyGraph predicts, and says which pixels the answer hangs on.
type SaliencyGraph struct {
	ForwardGraph
	Chosen *G.Node // (B, N): weights on the outputs, an input
	Slope  *G.Node // d sum(Output * Chosen) / dInput in Input's shape, symbolic
}

// Saliency builds input, chosen -> output, answer and the slope of what is
// chosen: with one-hot rows in Chosen, Slope holds for each example the symbolic
// gradient of that one output, usually a logit, with respect to its pixels.
// Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks" (2014),
// section 3. Dropout is left out, as in prediction.
func (n *Network) Saliency(batch int) (*SaliencyGraph, error) {
	return build(n, batch, false, (*construction).saliency)
}

func (c *construction) saliency() (*SaliencyGraph, error) {
	f, err := c.forward()
	if err != nil {
		return nil, err
	}
	c.where = "saliency"
	g := &SaliencyGraph{ForwardGraph: *f, Chosen: c.input("chosen", f.Output.Shape()...)}
	picked, err := G.HadamardProd(g.Output, g.Chosen)
	if err != nil {
		return nil, err
	}
	score, err := G.Sum(picked)
	if err != nil {
		return nil, err
	}
	slopes, err := G.Grad(score, g.Input)
	if err != nil {
		return nil, err
	}
	g.Slope = slopes[0]
	return g, nil
}
