package repair

import (
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// flat is the base of operators from a tensor to one of the same shape that do
// not change where they are differentiable: their derivative is 0.
type flat struct{}

func (flat) Arity() int           { return 1 }
func (flat) OverwritesInput() int { return -1 }
func (flat) ReturnsPtr() bool     { return false }
func (flat) CallsExtern() bool    { return false }
func (flat) DiffWRT(int) []bool   { return []bool{false} }

func (flat) Type() hm.Type {
	a := hm.TypeVariable('a')
	return hm.NewFnType(a, a)
}

func (flat) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	s, err := G.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	return s[0].Clone(), nil
}

func (flat) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) { return G.Nodes{nil}, nil }

// FixedOp gives its operand; the derivative does not go through it.
type FixedOp struct{ flat }

func (FixedOp) String() string                    { return "Fixed" }
func (op FixedOp) WriteHash(h hash.Hash)          { fmt.Fprint(h, "symgrad/", op) }
func (op FixedOp) Hashcode() uint32               { return hashcode(op) }
func (FixedOp) Do(in ...G.Value) (G.Value, error) { return G.CloneValue(in[0]) }

// MaskOp gives what a dropout multiplies its operand by: 0 for a number that is
// dropped, 1/(1-p) for one that is kept, 1 in evaluation mode. It shares state and
// random numbers with Gorgonia's operator.
type MaskOp struct {
	flat
	Dropout G.Op
}

func (op MaskOp) String() string        { return fmt.Sprintf("Mask of %v", op.Dropout) }
func (op MaskOp) WriteHash(h hash.Hash) { fmt.Fprintf(h, "symgrad/mask/%p", op.Dropout) }
func (op MaskOp) Hashcode() uint32      { return hashcode(op) }

// SetTraining sets the operator's mode.
func (op MaskOp) SetTraining(training bool) error {
	return op.Dropout.(G.TrainModeOp).SetTraining(training)
}

// Do draws a mask.
func (op MaskOp) Do(in ...G.Value) (G.Value, error) {
	ones := tensor.Ones(in[0].Dtype(), in[0].Shape()...)
	return op.Dropout.Do(ones)
}

// SupportOp marks by 1, and all others by 0, the numbers of each row of a matrix
// that sparsemax leaves positive.
//
// Martins and Astudillo, "From softmax to sparsemax" (2016), algorithm 1.
type SupportOp struct{ flat }

func (SupportOp) String() string           { return "Support" }
func (op SupportOp) WriteHash(h hash.Hash) { fmt.Fprint(h, "symgrad/", op) }
func (op SupportOp) Hashcode() uint32      { return hashcode(op) }

// Do gives the mask of (rows, n).
func (op SupportOp) Do(in ...G.Value) (G.Value, error) {
	t, ok := in[0].(*tensor.Dense)
	if !ok || t.Dims() != 2 {
		return nil, fmt.Errorf("repair: %v: operand of shape %v: want a matrix", op, in[0].Shape())
	}
	out := tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(t.Shape()...))
	switch x := t.Materialize().Data().(type) {
	case []float64:
		support(out.Float64s(), x, t.Shape()[1])
	case []float32:
		support(out.Float32s(), x, t.Shape()[1])
	default:
		return nil, fmt.Errorf("repair: %v: operand of %v: want float32 or float64", op, t.Dtype())
	}
	return out, nil
}
