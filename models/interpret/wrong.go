package interpret

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/stock"
)

// Right computes what Gorgonia's own Do gets wrong, for operands that no node
// needs to hold; shape is the result's:
//
//   - sums and maxima over axis 2 of tensors of four axes and more read the wrong numbers
//     (tensor's generic reduction strides within the first axis alone);
//   - the sign of NaN and of a zero is 1 or -1, by the sign bit: here NaN and 0;
//   - dividing by zero gives +Inf, whatever is divided: here -Inf and NaN too, as
//     IEEE 754 has it;
//   - sigmoid is 1 above 19 (15 in float32), where it still differs from 1 by
//     6e-9, and 0 below -709, where it is a denormal: times infinity it is not
//     NaN; softplus is x above 16 (14);
//   - in float32 the sine of 1e5 is 1 % off and that of 1e9 NaN, so is the cosine,
//     logarithms of denormals are those of 1e-38, and expm1 of 89 is NaN;
//   - in float64 so are they of denormals on amd64, as Go's own is;
//   - products leave out what is multiplied by 0, NaN and infinities too;
//   - softmax lets one row's NaN into others, and its logarithm loses what exp
//     rounds to 0; in float32 their gradients lose digits where terms cancel;
//   - ByIndices takes other rows than those asked for, of axes after the first of
//     three and more, and its gradient goes to other rows, of vectors too.
//
// What is wrong of batch normalisation and dropout, modes.go has right.
//
// known is what stock.Decode gives. Every other operator gives done false.
func Right(known any, shape tensor.Shape, args []G.Value) (v G.Value, done bool) {
	switch op := known.(type) {
	case stock.Sum:
		if len(args[0].Shape()) >= 3 {
			return each(shape, args[0], func(x []float64) []float64 {
				return reduce(x, args[0].Shape(), op.Axes, 0, func(a, b float64) float64 { return a + b })
			})
		}
	case stock.Max:
		if len(args[0].Shape()) >= 3 {
			return each(shape, args[0], func(x []float64) []float64 {
				return reduce(x, args[0].Shape(), op.Axes, math.Inf(-1), func(a, b float64) float64 { return max(a, b) })
			})
		}
	case stock.Unary:
		if f, ok := functions[op.Name]; ok {
			return each(shape, args[0], func(x []float64) (out []float64) {
				for _, v := range x {
					out = append(out, f(v))
				}
				return out
			})
		}
	case stock.Binary:
		if y := floats(args[1]); op.Name == "÷" && y != nil {
			return each(shape, args[0], func(x []float64) []float64 { return quotients(x, y) })
		}
	case stock.ByIndices:
		rows, ok := args[1].Data().([]int)
		if ok && len(args[0].Shape()) > op.Axis {
			return each(shape, args[0], func(x []float64) []float64 { return take(x, args[0].Shape(), op.Axis, rows) })
		}
	case stock.ByIndicesGrad:
		rows, ok := args[2].Data().([]int)
		if ok && len(args[0].Shape()) > op.Axis {
			return each(shape, args[1], func(dy []float64) []float64 { return give(dy, args[0].Shape(), op.Axis, rows) })
		}
	case stock.MatMul, stock.MatVec, stock.Dot, stock.Outer, stock.BatchMul:
		f, ok := factorsOf(known, args[0].Shape(), args[1].Shape())
		if y := floats(args[1]); ok && y != nil {
			return each(shape, args[0], func(x []float64) []float64 { return f.product(x, y) })
		}
	case stock.Softmax:
		if x := args[0].Shape(); op.Axis >= 0 && op.Axis < len(x) {
			return each(shape, args[0], func(x []float64) []float64 { return softmax(x, args[0].Shape(), op.Axis, op.Log) })
		}
	case stock.SoftmaxGrad:
		if y := floats(args[1]); y != nil && shape.Eq(args[2].Shape()) && op.Axis < len(shape) {
			return each(shape, args[2], func(dy []float64) []float64 { return softmaxGrad(y, dy, shape, op) })
		}
	}
	return nil, false
}

// each computes in float64 and gives a value of x's type in a shape.
func each(shape tensor.Shape, x G.Value, f func(x []float64) []float64) (G.Value, bool) {
	in := floats(x)
	if in == nil {
		return nil, false
	}
	out := f(slices.Clone(in))
	single := make([]float32, len(out))
	for i, v := range out {
		single[i] = float32(v)
	}
	scalar, double := len(shape) == 0, x.Dtype() == tensor.Float64
	switch {
	case scalar && double:
		return G.NewF64(out[0]), true
	case scalar:
		return G.NewF32(single[0]), true
	case double:
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(out)), true
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(single)), true
}

// floats are the numbers of a row-major value; nil where it holds none.
func floats(v G.Value) (out []float64) {
	switch data := v.Data().(type) {
	case float64:
		return []float64{data}
	case float32:
		return []float64{float64(data)}
	case []float64:
		return data
	case []float32:
		for _, x := range data {
			out = append(out, float64(x))
		}
	}
	return out
}

// quotients divides; either may be one number for all.
func quotients(x, y []float64) []float64 {
	out := make([]float64, max(len(x), len(y)))
	for i := range out {
		out[i] = x[min(i, len(x)-1)] / y[min(i, len(y)-1)]
	}
	return out
}

// reduce takes together what lies along axes, from a start.
func reduce(x []float64, shape tensor.Shape, axes []int, start float64, together func(a, b float64) float64) []float64 {
	steps, size := make([]int, len(shape)), 1
	for i := range slices.Backward(shape) {
		if !slices.Contains(axes, i) && len(axes) > 0 {
			steps[i] = size
			size *= shape[i]
		}
	}
	out := slices.Repeat([]float64{start}, size)
	for i, v := range x {
		to, rest := 0, i
		for axis := range slices.Backward(shape) {
			to, rest = to+rest%shape[axis]*steps[axis], rest/shape[axis]
		}
		out[to] = together(out[to], v)
	}
	return out
}

// take gives rows of an axis.
func take(x []float64, shape tensor.Shape, axis int, rows []int) (out []float64) {
	inner := shape[axis+1:].TotalSize()
	for at := 0; at < len(x); at += shape[axis] * inner {
		for _, r := range rows {
			out = append(out, x[at+r*inner:at+(r+1)*inner]...)
		}
	}
	return out
}

// give adds dy up to the rows that it was taken from.
func give(dy []float64, shape tensor.Shape, axis int, rows []int) []float64 {
	dx, inner := make([]float64, shape.TotalSize()), shape[axis+1:].TotalSize()
	for at := 0; at < len(dx); at += shape[axis] * inner {
		for _, r := range rows {
			for i, d := range dy[:inner] {
				dx[at+r*inner+i] += d
			}
			dy = dy[inner:]
		}
	}
	return dx
}
