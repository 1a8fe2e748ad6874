package vm

import (
	"slices"

	"symgrad/models/ops"
	kconv "symgrad/train/vm/kernel/conv"
)

// fuseConvolutions finds convolution, bias, activation and max-pool, in this
// order or with the last two exchanged, together with their gradients. A
// monotone activation after the maximum gives the same numbers as before it,
// and only the maximum of a window has a gradient: so the activation is computed
// on the pooled maps alone, and three quarters of the gradients' products, which
// are zero, are left out.
func fuseConvolutions(p *program) {
	users := p.users()
	for _, v := range slices.Clone(p.values) {
		op, ok := customOp[ops.Conv2DOp](v)
		if !ok {
			continue
		}
		m := match{conv: v, op: op, users: users}
		m.findBias()
		if !m.pooled() {
			m.plain()
		}
	}
}

// customOp gives a value's operator of package ops.
func customOp[O any](v *value) (op O, ok bool) {
	c, _ := v.op.(custom)
	op, ok = c.Op.(O)
	return op, ok
}

// match is what was found around one convolution.
type match struct {
	conv  *value
	op    ops.Conv2DOp
	users map[*value][]*value

	z     *value // convolution plus bias
	bias  *value
	act   *value // the activation before the pool; nil where there is none
	pool  *value
	grad  *value // the pool's gradient
	slope *value // the activation's
	dz    *value // the gradient of z; nil in a graph without gradients
}

// block describes the convolution.
func (m *match) block() *block {
	x, w := m.conv.args[0].shape, m.conv.args[1].shape
	return &block{
		batch:  x[0],
		shape:  kconv.Shape{Channels: x[1], Height: x[2], Width: x[3], Maps: w[0], Kernel: [2]int{w[2], w[3]}, Stride: m.op.Stride, Pad: m.op.Pad},
		biases: m.bias != nil,
	}
}

// findBias sets z and bias: the convolution will be computed with it.
func (m *match) findBias() {
	m.z, m.bias = m.conv, nil
	if u := m.users[m.conv]; len(u) == 1 && !m.conv.keep {
		if _, ok := customOp[ops.AddBiasOp](u[0]); ok {
			m.z, m.bias = u[0], u[0].args[1]
			m.conv.into = m.z
		}
	}
}

// pooled rewrites a convolution that a max-pool follows.
func (m *match) pooled() bool {
	if m.z.keep || !m.findActivation() || !m.findPool() || !m.findGradient() {
		return false
	}
	pool, _ := customOp[ops.MaxPoolOp](m.pool)
	b := m.block()
	b.window = kconv.Window{Size: pool.Size, Stride: pool.Stride}
	b.pools, b.backward = true, m.dz != nil
	if _, err := kconv.NewPooled(b.shape, b.window, kconv.NCHW, kconv.NCHW); err != nil {
		return false
	}
	m.rewritePooled(b)
	return true
}

// findActivation sets act, where one stands between z and the pool, and its
// slope: sigmoid's reads z, the others' what the activation gave.
func (m *match) findActivation() bool {
	for _, u := range m.users[m.z] {
		if u.isActivation() {
			m.act = u
		}
	}
	if m.act == nil {
		return true
	}
	for _, u := range m.users[m.z] {
		if u != m.act && !m.isSlope(u) {
			return false
		}
	}
	return !m.act.keep
}

// isSlope sets slope where u is the activation's.
func (m *match) isSlope(u *value) bool {
	kind, of := opTanhGrad, m.act
	switch {
	case m.act.isUnary(opReLU):
		kind = opReLUGrad
	case m.act.isUnary(opSigmoid):
		kind, of = opSigmoidGrad, m.z
	}
	if m.slope != nil || !u.isBinary(kind) || u.args[0] != of {
		return false
	}
	m.slope = u
	return true
}

// findPool sets pool and its gradient: with the slope, nothing else may read what is pooled.
func (m *match) findPool() bool {
	x := m.z
	if m.act != nil {
		x = m.act
	}
	at := slices.IndexFunc(m.users[x], func(u *value) bool { _, ok := customOp[ops.MaxPoolOp](u); return ok })
	if at < 0 {
		return false
	}
	m.pool = m.users[x][at]
	pool, _ := customOp[ops.MaxPoolOp](m.pool)
	for _, u := range m.users[x] {
		back, _ := customOp[ops.MaxPoolGradOp](u)
		switch {
		case u == m.pool:
		case m.grad == nil && back.Pool == pool.Pool && u.args[0] == x:
			m.grad = u
		case m.act == nil || !m.isSlope(u):
			return false
		}
	}
	return m.grad == nil || !m.grad.keep
}

// findGradient sets dz: the pool's gradient, times the slope where there is an
// activation.
func (m *match) findGradient() bool {
	m.dz = m.grad
	if m.act != nil {
		m.dz = m.slope
		if m.slope == nil && m.grad != nil || m.slope != nil && (m.slope.args[1] != m.grad || len(m.users[m.grad]) != 1) {
			return false
		}
	}
	return m.gradientsAreOurs()
}

// gradientsAreOurs tells whether dz feeds only this convolution's gradients.
func (m *match) gradientsAreOurs() bool {
	if m.dz == nil {
		return true
	}
	if m.dz.keep {
		return false
	}
	for _, u := range m.users[m.dz] {
		if _, ok := customOp[ops.BiasGradOp](u); !ok && !m.isWeightGrad(u) && !m.isEachGrad(u) && !m.isInputGrad(u) {
			return false
		}
	}
	return true
}

// isWeightGrad tells whether u is dw of this convolution, or of one like it of
// the same images with as many maps.
func (m *match) isWeightGrad(u *value) bool {
	op, _ := customOp[ops.Conv2DWeightGradOp](u)
	w := m.conv.args[1].shape
	return op == (ops.Conv2DWeightGradOp{Stride: m.op.Stride, Pad: m.op.Pad, Kernel: [2]int(w[2:])}) && u.args[0] == m.conv.args[0] && u.shape[0] == w[0]
}

// isEachGrad tells whether u is dw, as isWeightGrad has it, of each image.
func (m *match) isEachGrad(u *value) bool {
	op, _ := customOp[ops.Conv2DEachGradOp](u)
	w := m.conv.args[1].shape
	return op == (ops.Conv2DEachGradOp{Stride: m.op.Stride, Pad: m.op.Pad, Kernel: [2]int(w[2:])}) && u.args[0] == m.conv.args[0] && u.args[1].shape[1] == w[0]
}

// isInputGrad tells whether u is dx of this convolution, or of one like it with
// the same filters and as large a batch.
func (m *match) isInputGrad(u *value) bool {
	op, _ := customOp[ops.Conv2DInputGradOp](u)
	x := m.conv.args[0].shape
	return op == (ops.Conv2DInputGradOp{Stride: m.op.Stride, Pad: m.op.Pad, Image: [2]int(x[2:])}) && u.args[0] == m.conv.args[1] && u.shape[0] == x[0]
}
