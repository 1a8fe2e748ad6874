package vm

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel/gemm"
)

// heldOperand is the second operand of a product, kept packed from run to run
// while it is an input that is held.
type heldOperand[F ops.Float] struct {
	slot   *slot[F]
	len    int
	strips []F   // room for it, once it has been held
	packed []int // by strip: since which hold the piece that begins there is packed
}

func (c *compiled[F]) heldOperand(p *gemm.Product[F], b *slot[F]) *heldOperand[F] {
	h := &heldOperand[F]{slot: b, len: p.KeptLen(), packed: make([]int, p.N/stripColumns+1)}
	c.operands = append(c.operands, h)
	return h
}

// at gives the room of an operand that is held, else nil, and whether the columns of
// the piece that begins at one are packed there.
func (h *heldOperand[F]) at(column int) (strips []F, packed bool) {
	if h.slot.held == 0 {
		return nil, false
	}
	return h.strips, h.packed[column/stripColumns] == h.slot.held
}

// keep notes that the columns of a piece are packed: after a run that did not fail.
func (h *heldOperand[F]) keep(column int) { h.packed[column/stripColumns] = h.slot.held }

// hold begins another hold, of these inputs alone.
func (c *compiled[F]) hold(inputs []*G.Node) {
	c.holds++
	for _, in := range c.inputs {
		if in.slot.held = 0; slices.Contains(inputs, in.node) {
			in.slot.held = c.holds
		}
	}
	for _, h := range c.operands {
		if h.slot.held != 0 && h.strips == nil {
			h.strips = make([]F, h.len)
		}
	}
}
