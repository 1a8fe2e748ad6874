package interpret

import (
	"math"

	"gorgonia.org/tensor"
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
	out, n, step := make([]float64, len(x)), shape[axis], 1
	for _, d := range shape[axis+1:] {
		step *= d
	}
	for r := range len(x) / n {
		at := r/step*step*n + r%step
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
