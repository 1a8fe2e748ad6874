package interpret

import (
	"iter"
	"math"

	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

var functions = map[string]func(x float64) float64{
	"sign": func(x float64) float64 {
		if x > 0 {
			return 1
		}
		if x < 0 {
			return -1
		}
		return x
	},
	"sigmoid":  sigmoid,
	"sin":      math.Sin,
	"cos":      math.Cos,
	"ln":       log,
	"exp":      math.Exp,
	"expm1":    math.Expm1,
	"softplus": func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) },
}

// sigmoid is 1/(1 + exp(-x)), from the exponential that cannot overflow.
func sigmoid(x float64) float64 {
	e := math.Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// log is right of denormal numbers, which Go's own, on amd64, takes for about
// 1e-308.
func log(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// softmax, or its logarithm, along one axis.
func softmax(x []float64, shape tensor.Shape, axis int, log bool) []float64 {
	out, n := make([]float64, len(x)), shape[axis]
	for at, step := range lanes(shape, axis) {
		top, total := math.Inf(-1), 0.0
		for j := range n {
			top = max(top, x[at+j*step])
		}
		for j := range n {
			total += math.Exp(x[at+j*step] - top)
		}
		for j := range n {
			if z := x[at+j*step] - top; log {
				out[at+j*step] = z - math.Log(total)
			} else {
				out[at+j*step] = math.Exp(z) / total
			}
		}
	}
	return out
}

// softmaxGrad is y (dy - sum(y dy)) along an axis, of the logarithm
// dy - exp(y) sum(dy).
func softmaxGrad(y, dy []float64, shape tensor.Shape, op stock.SoftmaxGrad) []float64 {
	dx := make([]float64, len(dy))
	for at, step := range lanes(shape, op.Axis) {
		end, sum := at+step*shape[lastAs(op.Axis, shape)], 0.0
		for i := at; i < end; i += step {
			if op.Log {
				sum += dy[i]
			} else {
				sum += y[i] * dy[i]
			}
		}
		for i := at; i < end; i += step {
			if op.Log {
				dx[i] = dy[i] - math.Exp(y[i])*sum
			} else {
				dx[i] = y[i] * (dy[i] - sum)
			}
		}
	}
	return dx
}

// lanes are the stretches along an axis, -1 being the last: where each begins, and
// the step from one number to the next.
func lanes(shape tensor.Shape, axis int) iter.Seq2[int, int] {
	axis = lastAs(axis, shape)
	step, n := 1, shape[axis]
	for _, d := range shape[axis+1:] {
		step *= d
	}
	return func(yield func(at, step int) bool) {
		for r := range shape.TotalSize() / n {
			if !yield(r/step*step*n+r%step, step) {
				return
			}
		}
	}
}

func lastAs(axis int, shape tensor.Shape) int {
	if axis < 0 {
		return len(shape) - 1
	}
	return axis
}
