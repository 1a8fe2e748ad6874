// Package ops holds differentiable Gorgonia operators where the stock ones are
// wrong, slow or can end the process: convolution, pooling, bias and softmax
// cross-entropy, each with its gradient operators.
//
// Every operator is a comparable struct, so that a machine can recognise it by
// its Go type; its arithmetic is a function on slices of the same name, which
// runs on Gorgonia's TapeMachine and can be called directly.
package ops

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Float is what the operators compute in.
type Float interface{ float32 | float64 }

// base supplies the methods of gorgonia.Op that are alike for all operators.
type base struct{}

func (base) ReturnsPtr() bool     { return true }
func (base) CallsExtern() bool    { return true } // TapeMachine preallocates only for such
func (base) OverwritesInput() int { return -1 }

// gradient is the base of operators that only occur in gradients: Gorgonia's
// second derivatives are wrong, so none is offered.
type gradient struct{ base }

func (gradient) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) {
	return nil, fmt.Errorf("ops: no second derivatives")
}

func writeHash(op fmt.Stringer, h hash.Hash) { fmt.Fprint(h, "symgrad/", op.String()) }

func hashcode(op fmt.Stringer) uint32 {
	h := fnv.New32a()
	writeHash(op, h)
	return h.Sum32()
}

// tensors is the type of an operator from tensors of the given ranks to one of
// rank out; rank 0 is a scalar.
func tensors(out int, in ...int) hm.Type {
	a := hm.TypeVariable('a')
	of := func(dims int) hm.Type {
		if dims == 0 {
			return a
		}
		return G.TensorType{Dims: dims, Of: a}
	}
	var types []hm.Type
	for _, dims := range in {
		types = append(types, of(dims))
	}
	return hm.NewFnType(append(types, of(out))...)
}

// shapes reads the operands' shapes and checks their number of axes.
func shapes(op fmt.Stringer, in []G.DimSizer, ranks ...int) ([]tensor.Shape, error) {
	s, err := G.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	if len(s) != len(ranks) {
		return nil, fmt.Errorf("ops: %v: %d operands, want %d", op, len(s), len(ranks))
	}
	for i, rank := range ranks {
		if s[i].Dims() != rank && rank >= 0 {
			return nil, fmt.Errorf("ops: %v: operand %d has shape %v, want %d axes", op, i+1, s[i], rank)
		}
	}
	return s, nil
}

// run computes an operator in the operands' float type, into dst or, where that
// is nil, into a fresh tensor of the given shape.
func run(op fmt.Stringer, dst G.Value, shape tensor.Shape, in []G.Value,
	do32 func(out []float32, in [][]float32), do64 func(out []float64, in [][]float64)) (G.Value, error) {
	if dst == nil {
		dst = tensor.New(tensor.Of(in[0].Dtype()), tensor.WithShape(shape...))
	}
	if !dst.Shape().Eq(shape) {
		return nil, fmt.Errorf("ops: %v: buffer of shape %v, want %v", op, dst.Shape(), shape)
	}
	switch out := dst.Data().(type) {
	case []float32:
		s, err := slices[float32](op, in)
		if err != nil {
			return nil, err
		}
		do32(out, s)
	case []float64:
		s, err := slices[float64](op, in)
		if err != nil {
			return nil, err
		}
		do64(out, s)
	default:
		return nil, fmt.Errorf("ops: %v: dtype %v, want float32 or float64", op, dst.Dtype())
	}
	return dst, nil
}

// slices gives the operands' numbers, row-major.
func slices[F Float](op fmt.Stringer, in []G.Value) ([][]F, error) {
	out := make([][]F, len(in))
	for i, v := range in {
		if t, ok := v.(*tensor.Dense); ok && t.RequiresIterator() {
			v = t.Materialize().(*tensor.Dense)
		}
		switch data := v.Data().(type) {
		case []F:
			out[i] = data
		case F:
			out[i] = []F{data}
		default:
			return nil, fmt.Errorf("ops: %v: operand %d is a %T", op, i+1, data)
		}
	}
	return out, nil
}
