// Package ops holds differentiable Gorgonia operators where the stock ones are
// wrong, slow or can end the process: convolution, pooling, bias and softmax
// cross-entropy, each with its gradient operators. The set is closed: a gradient's
// own gradient is again made of these operators and of products and sums, to any
// order, with package repair: gorgonia.Grad is right only once in a graph.
//
// Every operator is a comparable struct, so that a machine can recognise it by
// its Go type; its arithmetic is a function on row-major slices, which runs on
// Gorgonia's TapeMachine and can be called directly. Do checks the values it is
// given as InferShape checks the nodes: what does not fit is an error, never a
// panic. UsePreallocDo fills a buffer that shares no memory with an operand.
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

func writeHash(op fmt.Stringer, h hash.Hash) { fmt.Fprint(h, "symgrad/", op.String()) }

func hashcode(op G.Op) uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
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
		return nil, fmt.Errorf("ops: %v: %w", op, err)
	}
	if len(s) != len(ranks) {
		return nil, fmt.Errorf("ops: %v: operands %v: want %d of them", op, s, len(ranks))
	}
	for i, rank := range ranks {
		if rank == 1 && s[i].IsVector() {
			s[i] = tensor.Shape{s[i].TotalSize()} // to Gorgonia (N), (N, 1) and (1, N) are alike
		}
		if s[i].Dims() != rank {
			return nil, fmt.Errorf("ops: %v: operands %v: operand %d must have %d axes", op, s, i+1, rank)
		}
		for _, n := range s[i] {
			if n < 1 {
				return nil, fmt.Errorf("ops: %v: operands %v: operand %d is empty", op, s, i+1)
			}
		}
	}
	return s, nil
}

// apply adds an operator to the graph of its operands. It reports first what
// Gorgonia would panic on, or only report when the graph runs.
func apply(op G.Op, operands ...*G.Node) (*G.Node, error) {
	sizes := make([]G.DimSizer, len(operands))
	for i, n := range operands {
		if n == nil {
			return nil, fmt.Errorf("ops: %v: operand %d is nil", op, i+1)
		}
		if d := n.Dtype(); d != tensor.Float32 && d != tensor.Float64 || d != operands[0].Dtype() {
			return nil, fmt.Errorf("ops: %v: operand %d is of %v: want all float32 or all float64", op, i+1, d)
		}
		sizes[i] = n.Shape()
	}
	if _, err := op.InferShape(sizes...); err != nil {
		return nil, err
	}
	return G.ApplyOp(op, operands...)
}
