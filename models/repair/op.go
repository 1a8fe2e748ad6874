package repair

import (
	"fmt"
	"hash"
	"hash/fnv"

	G "gorgonia.org/gorgonia"

	"symgrad/models/interpret"
	"symgrad/models/stock"
)

// Op is an operator of Gorgonia's with the right derivative. Its name is that of
// Stock, and so are its values, except for those that package interpret says are
// wrong.
type Op struct{ G.Op }

// Stock is Gorgonia's operator.
func (op Op) Stock() G.Op { return op.Op }

// Do gives the right values.
func (op Op) Do(in ...G.Value) (G.Value, error) {
	sizes := make([]G.DimSizer, len(in))
	for i, v := range in {
		sizes[i] = v.Shape()
	}
	shape, err := op.InferShape(sizes...)
	if err != nil {
		return nil, fmt.Errorf("repair: %v: %w", op, err)
	}
	switch known := stock.Decode(op.Op).(type) {
	case stock.Sum, stock.Max, stock.ByIndices, stock.ByIndicesGrad:
		if v, done := interpret.Right(known, shape, in); done {
			return v, nil
		}
	case stock.Reshape, stock.CTCLoss: // Gorgonia's shares memory, which TapeMachine writes over, or gives a tensor for a scalar
		v, err := op.Op.Do(in...)
		if err != nil {
			return nil, err
		}
		return interpret.Copy(v, shape)
	}
	return op.Op.Do(in...)
}

// TapeMachine is to leave operands and buffers alone: not every operator of
// Gorgonia's that offers to fill a buffer does.
func (Op) OverwritesInput() int { return -1 }
func (Op) ReturnsPtr() bool     { return false }
func (Op) CallsExtern() bool    { return false }

func (op Op) WriteHash(h hash.Hash) {
	fmt.Fprint(h, "symgrad/right/")
	op.Op.WriteHash(h)
}

func (op Op) Hashcode() uint32 { return hashcode(op) }

func hashcode(op G.Op) uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}

// DiffWRT tells by which operands there is a derivative.
func (op Op) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	if d := derivativeOf(op.Op); d != nil {
		copy(wrt, d.wrt)
	} else if of, ok := op.Op.(G.SDOp); ok {
		return of.DiffWRT(inputs)
	}
	return wrt
}

// SymDiff takes dL/dy to the operands.
func (op Op) SymDiff(in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	return symDiff(op, in, y, dy)
}

// symDiff is SymDiff for Gorgonia, which wants each gradient in its operand's shape.
func symDiff(op G.SDOp, in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	grads, err := pulledBack(y, in, dy, op.DiffWRT(len(in)))
	if err != nil {
		return nil, err
	}
	for i, d := range grads {
		if d == nil {
			continue
		}
		if grads[i], err = fitted(d, in[i].Shape()); err != nil {
			return nil, fmt.Errorf("repair: the gradient of %v by operand %d: %w", op, i+1, err)
		}
	}
	return grads, nil
}
