package interpret

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// Within draws what the sums within an operator may put its result off by, each by a
// random share of up to a size; nil where none are known. See [Plan.Shaken].
func Within(n *G.Node, args []G.Value, random func() float64, size float64) []float64 {
	x := make([]float64, n.Shape().TotalSize())
	shakeSums(n, args, x, func() float64 { return size * (2*random() - 1) })
	if !slices.ContainsFunc(x, func(v float64) bool { return v != 0 }) {
		return nil
	}
	return x
}

// shakeSums adds to an operator's result what it changes by where the sums within it
// are off.
func shakeSums(n *G.Node, args []G.Value, x []float64, little func() float64) {
	in := func(i int) []float64 { return floats(args[i]) }
	switch n.Op().(type) {
	case ops.SoftmaxCrossEntropyOp:
		shakeCrossEntropy(args[1].Shape(), x, in(1), little)
	case ops.SoftmaxCrossEntropyGradOp:
		shakeCrossEntropyGrad(n.Shape(), x, in(0), in(1), in(2)[0], little)
	}
	switch op := stock.Decode(n.Op()).(type) {
	case stock.BatchNormGrad:
		shakeNormalGrad(op.BatchNorm, n.Shape(), x, in(0), in(1), little)
	case stock.SoftmaxGrad:
		shakeSoftmaxGrad(op, n.Shape(), x, in(1), in(2), little)
	}
}

// shakeCrossEntropy adds to cross-entropy what it changes by where the logarithm of a
// row's sum is off by a little: beside 1 a small exponential is lost.
func shakeCrossEntropy(shape tensor.Shape, loss, y []float64, little func() float64) {
	for at := 0; at < len(y); at += shape[1] {
		total := 0.0
		for _, v := range y[at : at+shape[1]] {
			total += v
		}
		loss[0] += little() * total / float64(shape[0])
	}
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
