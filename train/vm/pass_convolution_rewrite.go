package vm

import "symgrad/models/ops"

// rewritePooled replaces convolution, bias and pool by one operation, and the
// gradients by those that visit only the maxima.
func (m *match) rewritePooled(b *block) {
	y := newValue(convolution{b}, m.pool.shape, m.conv.node, m.operands()...)
	m.conv.into, m.z.into = y, y
	var dz *value
	if m.grad != nil {
		dz = m.grad.args[1]
		m.grad.into = y
	}
	if m.act == nil {
		m.pool.become(alias{}, y)
	} else {
		m.act.into = m.pool
		m.pool.become(m.act.op, y)
		if dz != nil {
			of := m.pool
			if m.act.isUnary(opSigmoid) {
				of = y
			}
			dz = newValue(m.slope.op, m.pool.shape, m.slope.node, of, dz)
			m.slope.into = dz
		}
	}
	var dw *value
	for _, u := range m.users[m.dz] {
		switch {
		case m.isWeightGrad(u):
			dw = u
		case m.isEachGrad(u):
			u.become(eachGrad{b}, m.conv.args[0], dz, y)
		case m.isInputGrad(u):
			u.become(inputGrad{b}, m.conv.args[1], dz, y)
		}
	}
	if dw != nil {
		dw.become(weightGrad{b}, m.conv.args[0], dz, y)
	}
	for _, u := range m.users[m.dz] {
		if _, ok := customOp[ops.BiasGradOp](u); !ok {
			continue
		}
		if dw == nil { // nobody asked for the weights' gradient: compute it all the same
			dw = newValue(weightGrad{b}, m.conv.args[1].shape, u.node, m.conv.args[0], dz, y)
		}
		u.become(besides{}, dw)
		dw.side = append(dw.side, u)
	}
}

func (m *match) operands() []*value {
	if m.bias == nil {
		return m.conv.args
	}
	return append(m.conv.args[:2:2], m.bias)
}

// plain rewrites a convolution that no pool follows, and the gradients of those
// like it of the same images or with the same filters.
func (m *match) plain() {
	b := m.block()
	for _, u := range m.users[m.conv.args[1]] {
		if m.isInputGrad(u) {
			u.become(inputGrad{b}, u.args...)
		}
	}
	for _, dw := range m.users[m.conv.args[0]] {
		if m.isEachGrad(dw) {
			dw.become(eachGrad{b}, dw.args...)
		}
		if !m.isWeightGrad(dw) {
			continue
		}
		dw.become(weightGrad{b}, dw.args...)
		for _, u := range m.users[dw.args[1]] {
			if _, ok := customOp[ops.BiasGradOp](u); ok && !dw.hangsOn(u) { // in second derivatives it may
				u.become(besides{}, dw)
				dw.side = append(dw.side, u)
			}
		}
	}
	m.z.become(convolution{b}, m.operands()...)
}
