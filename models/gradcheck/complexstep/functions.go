package complexstep

import (
	"math"
	"math/cmplx"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
)

// functions are Gorgonia's of one number, those that are analytic, as it names
// them.
var functions = map[string]func(z complex128) complex128{
	"neg":      func(z complex128) complex128 { return -z },
	"square":   func(z complex128) complex128 { return z * z },
	"cube":     func(z complex128) complex128 { return z * z * z },
	"inv":      func(z complex128) complex128 { return 1 / z },
	"sqrt":     cmplx.Sqrt,
	"invSqrt":  func(z complex128) complex128 { return 1 / cmplx.Sqrt(z) },
	"sin":      cmplx.Sin,
	"cos":      cmplx.Cos,
	"tanh":     cmplx.Tanh,
	"exp":      cmplx.Exp,
	"expm1":    func(z complex128) complex128 { return complex(math.Expm1(real(z)), imag(cmplx.Exp(z))) },
	"ln":       cmplx.Log,
	"log2":     func(z complex128) complex128 { return cmplx.Log(z) / math.Ln2 },
	"log1p":    func(z complex128) complex128 { return complex(math.Log1p(real(z)), imag(cmplx.Log(1+z))) },
	"sigmoid":  func(z complex128) complex128 { return 1 / (1 + cmplx.Exp(-z)) },
	"softplus": func(z complex128) complex128 { return cmplx.Log(1 + cmplx.Exp(z)) },
}

// power is analytic for positive bases. A negative one lies on the logarithm's cut.
func power(z ...complex128) complex128 {
	if real(z[0]) <= 0 {
		return cmplx.NaN()
	}
	return cmplx.Exp(z[1] * cmplx.Log(z[0]))
}

// softmax, or its logarithm, along an axis; -1 is the last.
func softmax(axis int, log bool) rule {
	return func(n *G.Node, in []number, out G.Value) (G.Value, bool) {
		shape, along := n.Shape(), axis
		if along < 0 {
			along = len(shape) - 1
		}
		size, stride := shape[along], 1
		for _, d := range shape[along+1:] {
			stride *= d
		}
		re, im := in[0].parts()
		want, _ := number{re: out}.parts()
		row := make([]complex128, size)
		for r := range len(re) / size {
			at := r/stride*stride*size + r%stride
			for j := range row {
				row[j] = complex(re[at+j*stride], im[at+j*stride])
			}
			logSoftmax(row)
			for j, v := range row {
				if !log {
					v = cmplx.Exp(v)
				}
				if !near(real(v), want[at+j*stride]) {
					return nil, false
				}
				im[at+j*stride] = imag(v)
			}
		}
		return interpret.Float(n.Dtype(), shape, im), true
	}
}

// logSoftmax of one row, in place.
func logSoftmax(row []complex128) {
	top := real(row[0])
	for _, z := range row {
		top = max(top, real(z))
	}
	sum := complex(0, 0)
	for _, z := range row {
		sum += cmplx.Exp(z - complex(top, 0))
	}
	for j := range row {
		row[j] -= complex(top, 0) + cmplx.Log(sum)
	}
}

// crossEntropy of rows of logits with targets, which do not move.
func crossEntropy(n *G.Node, in []number, out G.Value) (G.Value, bool) {
	if in[1].im != nil {
		return nil, false
	}
	shape := in[0].re.Shape()
	re, im := in[0].parts()
	target, _ := in[1].parts()
	loss, row := complex(0, 0), make([]complex128, shape[1])
	for at := 0; at < len(re); at += len(row) {
		for j := range row {
			row[j] = complex(re[at+j], im[at+j])
		}
		logSoftmax(row)
		for j, z := range row {
			loss -= complex(target[at+j], 0) * z
		}
	}
	loss /= complex(float64(shape[0]), 0)
	want, _ := number{re: out}.parts()
	return interpret.Float(n.Dtype(), n.Shape(), []float64{imag(loss)}), near(real(loss), want[0])
}
