package interpret

import (
	"math"
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// Shaken is Values with every number, of inputs and in between, multiplied by
// something random from 1-size to 1+size: how far it is from Values tells how
// much rounding matters to a node. Computed numbers that are smaller than normal ones
// move by up to two of the smallest, and so does 0 where it is a positive number that
// was too small. The sums that the gradients of batch
// normalisation and softmax take from dy, and cross-entropy's from the targets, are
// shaken, too: their results add up to 0 only as well as those are known.
func Shaken(g *G.ExprGraph, r *rand.Rand, size float64) (map[*G.Node]G.Value, error) {
	little := func() float64 { return size * (2*r.Float64() - 1) }
	return evaluate(g, nil, func(s step, v G.Value, values map[*G.Node]G.Value) G.Value {
		x := slices.Clone(floats(v))
		if x == nil {
			return v
		}
		for i := range x {
			x[i] *= 1 + little()
		}
		if s.node.Op() == nil {
			return Float(v.Dtype(), v.Shape(), x)
		}
		shakeTiny(s.node, x, r)
		in := func(i int) []float64 { return floats(values[s.children[i]]) }
		if _, ok := s.node.Op().(ops.SoftmaxCrossEntropyGradOp); ok {
			shakeCrossEntropyGrad(s.node.Shape(), x, in(0), in(1), in(2)[0], little)
		}
		switch op := stock.Decode(s.node.Op()).(type) {
		case stock.BatchNormGrad:
			shakeNormalGrad(op.BatchNorm, s.node.Shape(), x, in(0), in(1), little)
		case stock.SoftmaxGrad:
			shakeSoftmaxGrad(op, s.node.Shape(), x, in(1), in(2), little)
		}
		return Float(v.Dtype(), v.Shape(), x)
	})
}

// shakeTiny moves numbers by up to two of the smallest of their type, which changes
// normal ones by nothing.
func shakeTiny(n *G.Node, x []float64, r *rand.Rand) {
	two := 2 * math.SmallestNonzeroFloat64
	if n.Dtype() == tensor.Float32 {
		two = 2 * math.SmallestNonzeroFloat32
	}
	for i, v := range x {
		switch {
		case v != 0:
			x[i] += two * (2*r.Float64() - 1)
		case positive(n.Op()):
			x[i] = two * r.Float64()
		}
	}
}

// positive tells whether an operator gives 0 only for a number that is too small.
func positive(op G.Op) bool {
	switch op := stock.Decode(op).(type) {
	case stock.Softmax:
		return !op.Log
	case stock.Unary:
		return op.Name == "exp" || op.Name == "sigmoid"
	}
	return false
}

// shakeNormalGrad adds to normalGrad's result what it changes by where mean(dy) and
// mean(y dy) are off by a little of the largest dy.
func shakeNormalGrad(op stock.BatchNorm, shape tensor.Shape, dx, x, dy []float64, little func() float64) {
	if !*op.Training {
		return
	}
	channelsOf(op, shape, x, func(at []int, mean, scale float64) {
		largest := 0.0
		for _, i := range at {
			largest = max(largest, math.Abs(dy[i]))
		}
		ofMean, ofProduct := little()*largest*scale, little()*largest*scale
		for _, i := range at {
			dx[i] += ofMean + ofProduct*(x[i]-mean)*scale
		}
	})
}

// shakeSoftmaxGrad adds to softmaxGrad's result what it changes by where the sum is
// off by a little of its largest term.
func shakeSoftmaxGrad(op stock.SoftmaxGrad, shape tensor.Shape, dx, y, dy []float64, little func() float64) {
	for at, step := range lanes(shape, op.Axis) {
		end, largest := at+step*shape[lastAs(op.Axis, shape)], 0.0
		for i := at; i < end; i += step {
			if term := dy[i]; op.Log {
				largest = max(largest, math.Abs(term))
			} else {
				largest = max(largest, math.Abs(term*y[i]))
			}
		}
		off := little() * largest
		for i := at; i < end; i += step {
			if p := y[i]; op.Log {
				dx[i] += off * math.Exp(p)
			} else {
				dx[i] += off * p
			}
		}
	}
}

// shakeCrossEntropyGrad adds to cross-entropy's gradient what it changes by where the
// sum of a row's targets y is off by a little.
func shakeCrossEntropyGrad(shape tensor.Shape, dz, z, y []float64, g float64, little func() float64) {
	for at := 0; at < len(dz); at += shape[1] {
		row := z[at : at+shape[1]]
		top, sum, total := slices.Max(row), 0.0, 0.0
		for i, v := range row {
			sum += math.Exp(v - top)
			total += math.Abs(y[at+i])
		}
		off := little() * total * g / float64(shape[0]) / sum
		for i, v := range row {
			dz[at+i] += off * math.Exp(v-top)
		}
	}
}
