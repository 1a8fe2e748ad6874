package main

import "symgrad/train/vm/kernel/internal/avx"

// operation is an elementwise function: its documentation, the twin as an
// expression of x, y and s in Go, and what gives a vector of it.
type operation struct {
	name, doc string
	operands  operands
	twin      string
	unroll    int
	wide      bool // for AVX-512 too: what does little to a number is as fast with AVX2
	body      func(w *writer, in, s []vector) vector
}

type operands int

const (
	unary  operands = iota // of x
	binary                 // of x and y
	scalar                 // of x and a number s
)

// Ordered comparisons: false for NaN.
const (
	less            = 0x01
	lessEqual       = 0x02
	greaterEqual    = 0x0D
	greater         = 0x0E
	equal           = 0x00
	notEqual        = 0x04 // true for NaN
	notGreaterEqual = 0x09 // true for NaN
)

func operations() []operation {
	all := []operation{
		{name: "Add", doc: "computes dst = x + y.", operands: binary, twin: "x + y", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Add, in[1], in[0]) }},
		{name: "Sub", doc: "computes dst = x - y.", operands: binary, twin: "x - y", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Sub, in[1], in[0]) }},
		{name: "Mul", doc: "computes dst = x y, element by element.", operands: binary, twin: "x * y", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Mul, in[1], in[0]) }},
		{name: "Div", doc: "computes dst = x / y, element by element.", operands: binary, twin: "x / y", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Div, in[1], in[0]) }},
		{name: "AddScalar", doc: "computes dst = x + s.", operands: scalar, twin: "x + s", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Add, s[0], in[0]) }},
		{name: "SubScalar", doc: "computes dst = x - s.", operands: scalar, twin: "x - s", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Sub, s[0], in[0]) }},
		{name: "SubFrom", doc: "computes dst = s - x.", operands: scalar, twin: "s - x", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Sub, in[0], s[0]) }},
		{name: "MulScalar", doc: "computes dst = s x.", operands: scalar, twin: "x * s", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Mul, s[0], in[0]) }},
		{name: "DivScalar", doc: "computes dst = x / s.", operands: scalar, twin: "x / s", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Div, s[0], in[0]) }},
		{name: "DivInto", doc: "computes dst = s / x.", operands: scalar, twin: "s / x", body: func(w *writer, in, s []vector) vector { return avx.Apply(w.Div, in[0], s[0]) }},
		{name: "Neg", doc: "computes dst = -x.", twin: "-x", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Xor, w.constant("minusZero"), in[0]) }},
		{name: "Abs", doc: "computes dst = |x|.", twin: "abs(x)", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.And, w.constant("magnitude"), in[0]) }},
		{name: "Square", doc: "computes dst = x^2.", twin: "x * x", body: func(w *writer, in, _ []vector) vector { return avx.Apply(w.Mul, in[0], in[0]) }},
		{name: "Cube", doc: "computes dst = x^3, as (x x) x.", twin: "x * x * x", body: func(w *writer, in, _ []vector) vector {
			return avx.Apply(w.Mul, in[0], avx.Apply(w.Mul, in[0], in[0]))
		}},
		{name: "Sqrt", doc: "computes dst = sqrt(x), NaN where x is negative.", twin: "sqrt(x)", body: func(w *writer, in, _ []vector) vector {
			w.Float.Sqrt(in[0], in[0])
			return in[0]
		}},
		{name: "Exp", doc: "computes dst = e^x.", twin: "exp(x)", unroll: 2, wide: true, body: func(w *writer, in, _ []vector) vector {
			if w.Bits == 32 {
				w.Min(in[0], w.Copy(w.constant("expMost")), in[0]) // in[0] if it is NaN
			}
			return w.exp(in[0])
		}},
		{name: "Log", doc: "computes the natural logarithm.", twin: "log(x)", unroll: 1, body: func(w *writer, in, _ []vector) vector { return w.log(in[0]) }},
		{name: "Log1p", doc: "computes dst = log(1 + x).", twin: "log1p(x)", unroll: 1, body: func(w *writer, in, _ []vector) vector { return w.log1p(in[0]) }},
		{name: "Softplus", doc: "computes dst = log(1 + e^x).", twin: "softplus(x)", unroll: 1, body: func(w *writer, in, _ []vector) vector { return w.softplus(in[0]) }},
		{name: "Sigmoid", doc: "computes dst = 1 / (1 + e^-x).", twin: "sigmoid(x)", unroll: 2, wide: true, body: func(w *writer, in, _ []vector) vector { return w.sigmoid(in[0]) }},
		{name: "Tanh", doc: "computes the hyperbolic tangent.", twin: "tanh(x)", unroll: 2, wide: true, body: func(w *writer, in, _ []vector) vector {
			if w.Bits == 32 {
				return w.tanh(in[0])
			}
			return w.tanh64(in[0])
		}},
	}
	return append(append(all, activations()...), comparisons()...)
}

// activations are ReLU and gradients of activations.
func activations() []operation {
	return []operation{
		{name: "ReLU", doc: "computes dst = x (x >= 0), but that the sign tells [ReLUGrad] whether x >= 0:\n// |x|, or else -0, or -NaN of NaN and -Inf.", twin: "relu(x)", body: func(w *writer, in, _ []vector) vector {
			return w.Rectify(in[0], w.constant("magnitude"), w.constant("minusZero"))
		}},
		{name: "ReLUGrad", doc: "computes dst = y, or 0 y where x's sign bit is set: the gradient of\n// x = ReLU(z) from y, that of x.", operands: binary, twin: "rectified(x, y)", body: func(w *writer, in, _ []vector) vector {
			return w.Choose(in[0], avx.Apply(w.Mul, w.Zero(), in[1]), in[1])
		}},
		{name: "SigmoidGrad", doc: "computes dst = y e/(1+e)^2 with e = e^-|x|: the gradient of Sigmoid(x) from\n// y, that of the result; right to the last digits where a sigmoid is saturated too.", operands: binary, unroll: 2, wide: true, twin: "sigmoidGrad(x, y)", body: func(w *writer, in, _ []vector) vector {
			return w.sigmoidGrad(in[0], in[1])
		}},
		{name: "TanhGrad", doc: "computes dst = y (1 - x^2): the gradient of x = Tanh(z) from y, that of\n// x.", operands: binary, twin: "fma(-x, x, 1) * y", body: func(w *writer, in, _ []vector) vector {
			rest := w.Copy(w.constant("one"))
			w.FNMA231(in[0], in[0], rest)
			return avx.Apply(w.Mul, rest, in[1])
		}},
	}
}

func comparisons() (all []operation) {
	for _, op := range []struct {
		name, sign string
		code       uint64
	}{{"GreaterEqual", ">=", greaterEqual}, {"Greater", ">", greater}, {"LessEqual", "<=", lessEqual}, {"Less", "<", less}, {"Equal", "==", equal}, {"NotEqual", "!=", notEqual}} {
		compare := func(w *writer, in, s []vector) vector {
			other := append(in[1:], s...)[0]
			return w.Keep(w.Where(op.code, other, in[0]), w.constant("one"))
		}
		all = append(all,
			operation{name: op.name, doc: "sets dst to 1 where x " + op.sign + " y, else to 0, as IEEE 754 compares NaN.", operands: binary, twin: "truth[F](x " + op.sign + " y)", body: compare},
			operation{name: op.name + "Scalar", doc: "sets dst to 1 where x " + op.sign + " s, else to 0.", operands: scalar, twin: "truth[F](x " + op.sign + " s)", body: compare})
	}
	return all
}

// loop is the operation's loop, without its body.
func (o operation) loop() (l loop, signature string) {
	l = loop{in: []string{"x"}, out: []string{"dst"}, unroll: o.unroll}
	if l.unroll == 0 {
		l.unroll = 4
	}
	signature = "(dst, x *float, n int)"
	switch o.operands {
	case binary:
		signature = "(dst, x, y *float, n int)"
		l.in = append(l.in, "y")
	case scalar:
		signature = "(dst, x *float, n int, s float)"
		l.scalars = []string{"s"}
	}
	return l, signature
}

// operation writes an operation's assembly.
func (w *writer) operation(o operation) {
	l, signature := o.loop()
	l.body = func(in, s []vector) []vector { return []vector{o.body(w, in, s)} }
	l.write(w, lower(o.name), signature, "is "+o.name+".")
}
