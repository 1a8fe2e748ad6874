package models

import (
	G "gorgonia.org/gorgonia"
)

// Saliency builds input, chosen -> output, answer and the slope of what is
// chosen: with one-hot rows in Chosen, Slope holds for each example the symbolic
// gradient of that one output, usually a logit, with respect to its pixels.
// Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks" (2014),
// section 3. Dropout is left out, as in prediction.
func (n *Network) Saliency(batch int) (*Graph, error) { return n.build(batch, saliency) }

// differentiateOutput adds score = sum(output * chosen) and dscore/dinput.
func (g *Graph) differentiateOutput() error {
	g.Chosen = g.input("chosen", g.Output.Shape()...)
	picked, err := G.HadamardProd(g.Output, g.Chosen)
	if err != nil {
		return err
	}
	score, err := G.Sum(picked)
	if err != nil {
		return err
	}
	slopes, err := G.Grad(score, g.Input)
	if err != nil {
		return err
	}
	g.Slope = slopes[0]
	return nil
}
