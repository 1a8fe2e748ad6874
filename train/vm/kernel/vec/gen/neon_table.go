package main

import "symgrad/train/vm/kernel/internal/neon"

// neonBody gives a vector of an operation from vectors of x, y and s.
type neonBody = func(w *neonWriter, v []vec) vec

// plain is one instruction on the operands of these numbers.
func plain(o neon.Op, operands ...int) neonBody {
	return func(w *neonWriter, v []vec) vec {
		sources := make([]vec, len(operands))
		for i, at := range operands {
			sources[i] = v[at]
		}
		return w.op(o, sources...)
	}
}

// truth is 1 where a comparison of these operands holds.
func truth(o neon.Op, operands ...int) neonBody {
	return func(w *neonWriter, v []vec) vec {
		return w.op(neon.AND, plain(o, operands...)(w, v), w.constant("one"))
	}
}

// neonBodies are the operations by their names; the comparisons' scalar forms are
// the same as those of vectors.
var neonBodies = map[string]neonBody{
	"Add":       plain(neon.FADD, 0, 1),
	"Sub":       plain(neon.FSUB, 0, 1),
	"Mul":       plain(neon.FMUL, 0, 1),
	"Div":       plain(neon.FDIV, 0, 1),
	"AddScalar": plain(neon.FADD, 0, 1),
	"SubScalar": plain(neon.FSUB, 0, 1),
	"SubFrom":   plain(neon.FSUB, 1, 0),
	"MulScalar": plain(neon.FMUL, 0, 1),
	"DivScalar": plain(neon.FDIV, 0, 1),
	"DivInto":   plain(neon.FDIV, 1, 0),
	"Neg":       plain(neon.FNEG, 0),
	"Abs":       plain(neon.FABS, 0),
	"Square":    plain(neon.FMUL, 0, 0),
	"Cube":      func(w *neonWriter, v []vec) vec { return w.op(neon.FMUL, w.op(neon.FMUL, v[0], v[0]), v[0]) },
	"Sqrt":      plain(neon.FSQRT, 0),
	"Exp": func(w *neonWriter, v []vec) vec {
		if w.bits == 32 {
			return w.exp(w.op(neon.FMIN, v[0], w.constant("expMost")))
		}
		return w.exp(v[0])
	},
	"Log":         func(w *neonWriter, v []vec) vec { return w.log(v[0]) },
	"Log1p":       func(w *neonWriter, v []vec) vec { return w.log1p(v[0]) },
	"Softplus":    func(w *neonWriter, v []vec) vec { return w.softplus(v[0]) },
	"Sigmoid":     func(w *neonWriter, v []vec) vec { return w.sigmoid(v[0]) },
	"Tanh":        func(w *neonWriter, v []vec) vec { return w.tanh(v[0]) },
	"ReLU":        func(w *neonWriter, v []vec) vec { return w.rectify(v[0]) },
	"SigmoidGrad": func(w *neonWriter, v []vec) vec { return w.sigmoidGrad(v[0], v[1]) },
	"ReLUGrad": func(w *neonWriter, v []vec) vec {
		return w.choose(w.op(neon.CMLT0, v[0]), w.op(neon.FMUL, v[1], w.constant("zero")), v[1])
	},
	"TanhGrad": func(w *neonWriter, v []vec) vec {
		return w.op(neon.FMUL, w.fnma(v[0], v[0], w.constant("one")), v[1])
	},
	"GreaterEqual": truth(neon.FCMGE, 0, 1),
	"Greater":      truth(neon.FCMGT, 0, 1),
	"LessEqual":    truth(neon.FCMGE, 1, 0),
	"Less":         truth(neon.FCMGT, 1, 0),
	"Equal":        truth(neon.FCMEQ, 0, 1),
	"NotEqual": func(w *neonWriter, v []vec) vec {
		return w.op(neon.BIC, w.constant("one"), w.op(neon.FCMEQ, v[0], v[1]))
	},
}

// rectify is |x| where x >= 0, else 0 x with the sign bit set.
func (w *neonWriter) rectify(x vec) vec {
	below := w.op(neon.ORR, w.op(neon.FMUL, x, w.constant("zero")), w.constant("minusZero"))
	return w.choose(w.op(neon.FCMGE0, x), w.op(neon.FABS, x), below)
}
