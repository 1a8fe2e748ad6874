package models

import (
	G "gorgonia.org/gorgonia"
)

// AttackGraph predicts, and says how each pixel changes the loss.
type AttackGraph struct {
	ForwardGraph
	Target *G.Node // (B, N), an input
	Loss   *G.Node // scalar, without the penalty on weights
	Slope  *G.Node // dLoss/dInput in Input's shape, symbolic
}

// Attack builds input, target -> output, answer, loss and the loss's symbolic
// gradient with respect to the pixels. Goodfellow, Shlens and Szegedy,
// "Explaining and harnessing adversarial examples" (2015). Dropout is left out.
func (n *Network) Attack(batch int) (*AttackGraph, error) {
	return build(n, batch, false, (*construction).attack)
}

func (c *construction) attack() (*AttackGraph, error) {
	f, err := c.forward()
	if err != nil {
		return nil, err
	}
	c.where = "attack"
	g := &AttackGraph{ForwardGraph: *f, Target: c.input("target", f.Output.Shape()...)}
	if g.Loss, err = c.net.Loss.Apply(g.Output, g.Target); err != nil {
		return nil, err
	}
	slopes, err := G.Grad(g.Loss, g.Input)
	if err != nil {
		return nil, err
	}
	g.Slope = slopes[0]
	return g, nil
}
