package vm

import "symgrad/models/ops"

// fuseDense puts bias and activation into the product before them, where nobody
// else reads the product.
func fuseDense(p *program) {
	users := p.users()
	for _, v := range p.values {
		if x, bias := biasOf(v); x != nil && x.uses == 1 {
			if m, ok := x.op.(product); ok && !m.bias {
				m.bias = true
				x.into = v
				v.become(m, x.args[0], x.args[1], bias)
			}
		}
	}
	for _, v := range p.values {
		if !v.isActivation() {
			continue
		}
		act, x := v.op.(unary), v.args[0]
		if m, _ := x.op.(product); m.bias && m.act == opCopy && len(users[x]) == 1 && !x.keep {
			m.act = act.kind
			x.into = v
			v.become(m, x.args...)
		}
	}
}

// biasOf gives x and b where v is x plus a row b for each row of x: as our own
// operator has it, or as Gorgonia's broadcasting makes it of a repetition.
func biasOf(v *value) (x, bias *value) {
	if len(v.shape) != 2 {
		return nil, nil
	}
	if _, ok := customOp[ops.AddBiasOp](v); ok {
		return v.args[0], v.args[1]
	}
	if !v.isBinary(opAdd) {
		return nil, nil
	}
	for i, rows := range v.args {
		if r, _ := rows.op.(repeat); r.outer*r.axis == 1 && r.inner == v.shape[1] {
			return v.args[1-i], rows.args[0]
		}
	}
	return nil, nil
}

// isActivation tells whether v is one that products and convolutions know.
func (v *value) isActivation() bool {
	return v.isUnary(opReLU) || v.isUnary(opSigmoid) || v.isUnary(opTanh)
}
