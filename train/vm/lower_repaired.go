package vm

import (
	G "gorgonia.org/gorgonia"

	"symgrad/models/repair"
	"symgrad/models/stock"
)

// lowerRepaired lowers what stands in Gorgonia's place where that is wrong; nil
// for any other operator.
func lowerRepaired(op G.Op, known any, shape []int, n *G.Node, args []*value) *value {
	switch op := op.(type) {
	case repair.FixedOp:
		return newValue(alias{}, shape, n, args...)
	case repair.MaskOp:
		ones := newValue(broadcast{}, shape, n, newValue(constant{1}, nil, n))
		return newValue(dropout{stock.Decode(op.Dropout).(stock.Dropout)}, shape, n, ones)
	}
	if _, largest := known.(stock.Max); largest {
		return newValue(opaque{repair.Op{Op: stock.Of(op)}, "has no instruction of our own"}, shape, n, args...)
	}
	return nil
}
