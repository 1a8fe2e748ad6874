package interpret

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// modes holds what dropouts have kept for their gradients, by where an operator's
// mode is.
type modes map[*bool][]bool

// do computes operators that know two modes. Their own Do moves running
// statistics and draws random numbers, as in any run. What it gets wrong:
//
//   - batch normalisation of images in evaluation has the gradient of a variance
//     of 0, or of the last batch;
//   - x/deviation - mean/deviation and the sum of x dy - mean dy cancel: here it is
//     (x - mean)/deviation and (x - mean) dy;
//   - dropout's gradient is dy/p, in evaluation too, in place of dy/(1-p) and dy,
//     and 0 where a number that is kept is 0.
func (m modes) do(n *G.Node, decoded any, args []G.Value) (v G.Value, done bool, err error) {
	switch op := decoded.(type) {
	case stock.BatchNorm:
		if _, err := n.Op().Do(args...); err != nil {
			return nil, true, err
		}
		v, done = each(n.Shape(), args[0], func(x []float64) []float64 {
			channelsOf(op, n.Shape(), x, func(at []int, mean, scale float64) {
				for _, i := range at {
					x[i] = (x[i] - mean) * scale
				}
			})
			return x
		})
	case stock.BatchNormGrad:
		dy := floats(args[1])
		v, done = each(n.Shape(), args[0], func(x []float64) []float64 { return normalGrad(op.BatchNorm, n.Shape(), x, dy) })
	case stock.Dropout:
		if !op.Drops() {
			return nil, false, nil
		}
		v, err = m.drop(n, op, args[0])
		return v, true, err
	case stock.DropoutGrad:
		kept, keep := m[op.Training], 1-op.Probability
		v, done = each(n.Shape(), args[2], func(dy []float64) []float64 {
			for i := range dy {
				switch {
				case !op.Drops():
				case kept[i]:
					dy[i] /= keep
				default:
					dy[i] = 0
				}
			}
			return dy
		})
	}
	return v, done, nil
}

// drop has Gorgonia drop numbers, with 1 in place of 0 to see which.
func (m modes) drop(n *G.Node, op stock.Dropout, x G.Value) (G.Value, error) {
	var zeros []int
	seen, _ := each(n.Shape(), x, func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			if out[i] = v; v == 0 {
				out[i], zeros = 1, append(zeros, i)
			}
		}
		return out
	})
	dropped, err := n.Op().Do(seen)
	if err != nil {
		return nil, err
	}
	kept := make([]bool, len(floats(x)))
	for i, v := range floats(dropped) {
		kept[i] = v != 0
	}
	m[op.Training] = kept
	v, _ := each(n.Shape(), dropped, func(y []float64) []float64 {
		for _, i := range zeros {
			y[i] = 0
		}
		return y
	})
	return v, nil
}

// normalGrad is (dy - mean(dy) - y mean(y dy)) scale for y = (x - mean) scale, in
// evaluation dy scale.
func normalGrad(op stock.BatchNorm, shape tensor.Shape, x, dy []float64) []float64 {
	dx := make([]float64, len(x))
	channelsOf(op, shape, x, func(at []int, mean, scale float64) {
		if !*op.Training {
			for _, i := range at {
				dx[i] = dy[i] * scale
			}
			return
		}
		sum, dot, count := 0.0, 0.0, float64(len(at))
		for _, i := range at {
			sum += dy[i]
			dot += (x[i] - mean) * dy[i]
		}
		for _, i := range at {
			dx[i] = (dy[i] - sum/count - (x[i]-mean)*(dot*scale*scale/count)) * scale
		}
	})
	return dx
}

// channelsOf visits the numbers of each channel with their mean and 1/deviation:
// their own, or in evaluation the running ones.
func channelsOf(op stock.BatchNorm, shape tensor.Shape, x []float64, visit func(at []int, mean, scale float64)) {
	area := len(x) / (shape[0] * shape[1])
	runMean, runVar := op.Op.Stats()
	for c := range shape[1] {
		var at []int
		for i := range x {
			if i/area%shape[1] == c {
				at = append(at, i)
			}
		}
		mean, variance := 0.0, 0.0
		for _, i := range at {
			mean += x[i] / float64(len(at))
		}
		for _, i := range at {
			variance += (x[i] - mean) * (x[i] - mean) / float64(len(at))
		}
		if !*op.Training {
			mean, variance = floats(runMean)[c], floats(runVar)[c]
		}
		visit(at, mean, 1/math.Sqrt(variance+op.Epsilon))
	}
}
