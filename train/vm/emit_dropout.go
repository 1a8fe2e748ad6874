package vm

import (
	"symgrad/models/ops"
	"symgrad/models/stock"
)

// dropout emits one draw from the operator's own source for each number, in
// their order, as Gorgonia has it. Nothing is drawn in evaluation.
func (c *compiled[F]) dropout(v *value, op stock.Dropout, out, x *slot[F]) {
	kept := &slot[F]{data: make([]F, v.size)}
	if len(v.side) > 0 {
		kept = c.slot(v.side[0])
	}
	keep := F(1 - op.Probability)
	c.once(v, func(int) {
		if !op.Drops() {
			copy(out.data, x.data)
			return
		}
		draw, y, mask := *op.Draw, out.data, kept.data
		for i, v := range x.data {
			y[i], mask[i] = 0, 0
			if F(draw()) < keep {
				y[i], mask[i] = v/keep, 1
			}
		}
	})
}

// undrop is the gradient of dropout.
func undrop[F ops.Float](op stock.Dropout, dx, dy, kept []F) {
	if !op.Drops() {
		copy(dx, dy)
		return
	}
	keep := F(1 - op.Probability)
	for i, d := range dy {
		dx[i] = 0
		if kept[i] != 0 {
			dx[i] = d / keep
		}
	}
}
