package repair

import (
	"fmt"
	"hash"
	"hash/fnv"

	G "gorgonia.org/gorgonia"
)

// Op is an operator of Gorgonia's with the right derivative. Its values, and its
// name, are those of Stock.
type Op struct{ G.Op }

// Stock is Gorgonia's operator.
func (op Op) Stock() G.Op { return op.Op }

// Do is Stock's. TapeMachine must not have it write over an operand, nor into a
// buffer: not every operator that offers to fills one.
func (Op) OverwritesInput() int { return -1 }
func (Op) ReturnsPtr() bool     { return false }
func (Op) CallsExtern() bool    { return false }

func (op Op) WriteHash(h hash.Hash) {
	fmt.Fprint(h, "symgrad/right/")
	op.Op.WriteHash(h)
}

func (op Op) Hashcode() uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}

// DiffWRT tells by which operands there is a derivative.
func (op Op) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	if d := derivativeOf(op.Op); d != nil {
		copy(wrt, d.wrt)
	}
	return wrt
}

// SymDiff takes dL/dy to the operands.
func (op Op) SymDiff(in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	wrt := op.DiffWRT(len(in))
	grads, err := pulledBack(y, in, dy, wrt)
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
