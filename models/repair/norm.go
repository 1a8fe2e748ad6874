package repair

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"symgrad/models/stock"
)

// moments takes the numbers along axes to mean 0 and variance 1:
//
//	y = (x - mean)/sqrt(variance + epsilon)
//
// and gives 1/sqrt(variance + epsilon) besides.
func (b *builder) moments(x *G.Node, epsilon float64, axes ...int) (y, scale *G.Node) {
	if b.err != nil {
		return nil, nil
	}
	share := 1.0
	for _, a := range axes {
		share /= float64(x.Shape()[a])
	}
	centred := b.spread(G.BroadcastSub, x, b.scale(b.sum(x, axes...), share), axes...)
	variance := b.scale(b.sum(b.mul(centred, centred), axes...), share)
	scale = b.one(G.InverseSqrt, b.add(variance, b.number(variance, epsilon)))
	return b.spread(G.BroadcastHadamardProd, centred, scale, axes...), scale
}

// groupNorm differentiates group normalisation (Wu and He 2018) as an expression.
type groupNorm stock.GroupNorm

func (op groupNorm) pulledBack(in G.Nodes, _, dy *G.Node, _ []bool) (G.Nodes, error) {
	var b builder
	x := in[0]
	groups := x.Shape()[0] * op.Groups
	y, _ := b.moments(b.reshape(x, groups, volume(x.Shape())/groups), op.Epsilon, 1)
	y = b.reshape(y, x.Shape()...)
	if b.err != nil {
		return nil, b.err
	}
	return backward(y, dy, in, false)
}

// batchNormGrad differentiates the gradient of batch normalisation in training
// (Ioffe and Szegedy 2015): for each channel
//
//	dx = (dy - mean(dy) - y mean(y dy))/sqrt(variance + epsilon)
type batchNormGrad struct{ stock.BatchNorm }

func (op batchNormGrad) pulledBack(in G.Nodes, _, u *G.Node, _ []bool) (G.Nodes, error) {
	if !*op.Training {
		return nil, fmt.Errorf("in evaluation mode: it depends on what the running statistics are then")
	}
	var b builder
	x, dy := in[0], in[1]
	s := x.Shape()
	channels := []int{s[0], s[1], volume(s[2:])}
	share := 1 / float64(channels[0]*channels[2])
	y, scale := b.moments(b.reshape(x, channels...), op.Epsilon, 0, 2)
	d := b.reshape(dy, channels...)
	mean := b.scale(b.sum(d, 0, 2), share)
	along := b.scale(b.sum(b.mul(y, d), 0, 2), share)
	d = b.sub(b.spread(G.BroadcastSub, d, mean, 0, 2), b.spread(G.BroadcastHadamardProd, y, along, 0, 2))
	dx := b.reshape(b.spread(G.BroadcastHadamardProd, d, scale, 0, 2), s...)
	if b.err != nil {
		return nil, b.err
	}
	return backward(dx, u, in, false)
}
