package vm

import (
	"slices"

	"symgrad/models/ops"
	"symgrad/train/vm/kernel"
)

// The fused operations.
type (
	// dense is act(A B + bias), operands as in matmul; bias may be missing.
	dense struct {
		matmul
		bias bool
		act  unaryKind // opCopy: none
	}
	// convPool is maxpool(conv(x, w) + b), one kernel that keeps for the way back
	// where each maximum was; the operations below go that way.
	convPool struct {
		block *block
	}
	convPoolWeightGrad struct{ block *block } // (x, dz, y) -> dw, and db besides
	convPoolInputGrad  struct{ block *block } // (w, dz, y) -> dx
	// conv is a convolution with bias that no pool follows.
	conv           struct{ block *block }
	convWeightGrad struct{ block *block } // (x, dz) -> dw, and db besides
	convInputGrad  struct{ block *block } // (w, dz) -> dx
	// besides is a second output of the instruction of its operand.
	besides struct{}
)

// block is a convolution and what is fused with it.
type block struct {
	shape    kernel.ConvShape
	window   kernel.Window
	in, out  kernel.Layout
	biases   bool
	backward bool   // a gradient will ask where the maxima were
	db       *value // the bias gradient, where it is wanted

	pooled *kernel.ConvPool
	plain  *kernel.Conv
	argmax []uint8
}

// fuseDense puts bias and activation into the product before them.
func fuseDense(p *program) {
	users := p.users()
	for _, v := range p.values {
		if _, ok := v.op.(ops.AddBiasOp); ok && v.args[0].uses == 1 {
			if m, ok := v.args[0].op.(matmul); ok {
				product := v.args[0]
				v.become(dense{matmul: m, bias: true, act: opCopy}, product.args[0], product.args[1], v.args[1])
			}
		}
	}
	for _, v := range p.values {
		act, ok := v.op.(unary)
		if !ok || len(users[v.args[0]]) != 1 || v.args[0].keep {
			continue
		}
		switch act.kind {
		case opReLU, opSigmoid, opTanh:
			if d, ok := v.args[0].op.(dense); ok && d.act == opCopy {
				d.act = act.kind
				v.become(d, v.args[0].args...)
			}
		}
	}
	p.reach()
}

// fuseConvolutions finds convolution, bias, activation and max-pool, in this
// order or with the last two exchanged, together with their gradients. A
// monotone activation after the maximum gives the same numbers as before it,
// and only the maximum of a window has a gradient: so the activation is computed
// on the pooled maps alone, and three quarters of the gradients' products, which
// are zero, are left out.
func fuseConvolutions(p *program) {
	for _, v := range slices.Clone(p.values) {
		if op, ok := v.op.(ops.Conv2DOp); ok {
			m := match{conv: v, op: op, users: p.users()}
			if !m.pooled() {
				m.plain()
			}
			p.reach()
		}
	}
	chainLayouts(p)
}

// match is what was found around one convolution.
type match struct {
	conv  *value
	op    ops.Conv2DOp
	users map[*value][]*value

	z    *value // convolution plus bias
	bias *value
	act  *value // the activation before the pool; nil where there is none
	pool *value
	grad *value // the pool's gradient
	dz   *value // the gradient of z; nil in a graph without gradients
}

// block describes the convolution; it gives nil where a kernel does not take it.
func (m *match) block() *block {
	x, w := m.conv.args[0].shape, m.conv.args[1].shape
	return &block{
		shape: kernel.ConvShape{Channels: x[1], Height: x[2], Width: x[3], Maps: w[0], Kernel: [2]int{w[2], w[3]}, Stride: m.op.Stride, Pad: m.op.Pad},
	}
}

// findBias sets z and bias.
func (m *match) findBias() bool {
	m.z = m.conv
	if m.conv.keep {
		return false
	}
	if u := m.users[m.conv]; len(u) == 1 {
		if _, ok := u[0].op.(ops.AddBiasOp); ok && u[0].args[0] == m.conv {
			m.z, m.bias = u[0], u[0].args[1]
		}
	}
	return true
}

// pooled rewrites a convolution that a max-pool follows.
func (m *match) pooled() bool {
	if !m.findBias() || m.z.keep {
		return false
	}
	before := m.z
	if u := m.users[m.z]; len(u) == 1 {
		if act, ok := u[0].op.(unary); ok && (act.kind == opReLU || act.kind == opSigmoid || act.kind == opTanh) && !u[0].keep {
			m.act, before = u[0], u[0]
		}
	}
	var slope *value
	for _, u := range m.users[before] {
		switch op := u.op.(type) {
		case ops.MaxPoolOp:
			if m.pool != nil {
				return false
			}
			m.pool = u
		case ops.MaxPoolGradOp:
			if m.grad != nil || u.args[0] != before || u.args[1] == before {
				return false
			}
			m.grad = u
		case binary:
			if m.act == nil || slope != nil || u.args[0] != before || op.kind != slopeOf(m.act) {
				return false
			}
			slope = u
		default:
			return false
		}
	}
	if m.pool == nil || m.grad != nil && m.grad.keep {
		return false
	}
	m.dz = m.grad
	if m.act != nil {
		m.dz = slope
		if (m.grad == nil) != (slope == nil) || slope != nil && (slope.args[1] != m.grad || len(m.users[m.grad]) != 1) {
			return false
		}
	}
	if !m.gradientsAreOurs() || m.grad != nil && m.grad.op.(ops.MaxPoolGradOp).Pool != m.pool.op.(ops.MaxPoolOp).Pool {
		return false
	}
	b := m.block()
	pool := m.pool.op.(ops.MaxPoolOp).Pool
	b.window = kernel.Window{Size: pool.Size, Stride: pool.Stride}
	if _, err := kernel.NewConvPool(b.shape, b.window, kernel.NCHW, kernel.NCHW); err != nil {
		return false
	}
	m.rewritePooled(b)
	return true
}

func slopeOf(act *value) binaryKind {
	switch act.op.(unary).kind {
	case opReLU:
		return opReLUGrad
	case opSigmoid:
		return opSigmoidGrad
	}
	return opTanhGrad
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
		switch u.op.(type) {
		case ops.BiasGradOp:
		case ops.Conv2DWeightGradOp:
			if u.args[0] != m.conv.args[0] || u.args[1] != m.dz {
				return false
			}
		case ops.Conv2DInputGradOp:
			if u.args[0] != m.conv.args[1] || u.args[1] != m.dz {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (m *match) rewritePooled(b *block) {
	args := []*value{m.conv.args[0], m.conv.args[1]}
	if m.bias != nil {
		args, b.biases = append(args, m.bias), true
	}
	y := newValue(convPool{b}, m.pool.shape, m.conv.node, args...)
	dz := (*value)(nil)
	if m.grad != nil {
		dz = m.grad.args[1]
	}
	if m.act != nil {
		m.pool.become(m.act.op, y)
		if dz != nil {
			dz = newValue(m.dz.op, m.pool.shape, m.dz.node, m.pool, dz)
		}
	} else {
		m.pool.become(alias{}, y)
	}
	b.backward = m.dz != nil
	m.rewriteGradients(b, dz, convPoolWeightGrad{b}, convPoolInputGrad{b}, y)
}

// rewriteGradients points the gradients of the old convolution to the new ones.
func (m *match) rewriteGradients(b *block, dz *value, weight, input any, after ...*value) {
	if m.dz == nil {
		return
	}
	var dw *value
	for _, u := range m.users[m.dz] {
		switch u.op.(type) {
		case ops.Conv2DWeightGradOp:
			u.become(weight, append([]*value{m.conv.args[0], dz}, after...)...)
			dw = u
		case ops.Conv2DInputGradOp:
			u.become(input, append([]*value{m.conv.args[1], dz}, after...)...)
		}
	}
	for _, u := range m.users[m.dz] {
		if _, ok := u.op.(ops.BiasGradOp); ok {
			if dw == nil { // nobody asked for the weights' gradient: compute it all the same
				dw = newValue(weight, m.conv.args[1].shape, u.node, append([]*value{m.conv.args[0], dz}, after...)...)
			}
			u.become(besides{}, dw)
			b.db = u
		}
	}
}

// plain rewrites a convolution that no pool follows, where its gradients are of
// one gradient dz of z. Without gradients there is nothing to look for.
func (m *match) plain() {
	m.z, m.bias, m.act, m.dz = nil, nil, nil, nil
	if !m.findBias() {
		return
	}
	var dw *value
	for _, u := range m.users[m.conv.args[0]] {
		if _, ok := u.op.(ops.Conv2DWeightGradOp); ok && u.args[0] == m.conv.args[0] && slices.Equal(u.shape, m.conv.args[1].shape) && slices.Equal(u.args[1].shape, m.conv.shape) {
			if dw != nil {
				return // two convolutions of one input: not worth telling apart
			}
			dw = u
		}
	}
	b := m.block()
	if _, err := kernel.NewConv(b.shape, kernel.NCHW, kernel.NCHW); err != nil {
		return
	}
	if dw != nil {
		m.dz = dw.args[1]
	}
	args := []*value{m.conv.args[0], m.conv.args[1]}
	if m.bias != nil {
		args, b.biases = append(args, m.bias), true
	}
	if m.dz != nil {
		m.rewritePlainGradients(b)
	}
	m.z.become(conv{b}, args...)
}

// rewritePlainGradients leaves other users of dz, such as the activation's
// slope of a layer before, as they are.
func (m *match) rewritePlainGradients(b *block) {
	var dw *value
	for _, u := range m.users[m.dz] {
		switch u.op.(type) {
		case ops.Conv2DWeightGradOp:
			if u.args[0] == m.conv.args[0] && u.args[1] == m.dz {
				u.become(convWeightGrad{b}, u.args...)
				dw = u
			}
		case ops.Conv2DInputGradOp:
			if u.args[0] == m.conv.args[1] && u.args[1] == m.dz {
				u.become(convInputGrad{b}, u.args...)
			}
		}
	}
	for _, u := range m.users[m.dz] {
		if _, ok := u.op.(ops.BiasGradOp); ok && dw != nil && m.bias != nil && b.db == nil {
			u.become(besides{}, dw)
			b.db = u
		}
	}
}

// chainLayouts lets maps that go from one convolution to the next stay in the
// order (B, H, W, C), which the kernels like best.
func chainLayouts(p *program) {
	users := p.users()
	for _, y := range p.values {
		first, ok := y.op.(convPool)
		if !ok || y.keep {
			continue
		}
		set, next, ok := chain(y, users)
		if !ok {
			continue
		}
		first.block.out, next.in = kernel.NHWC, kernel.NHWC
		for _, v := range set {
			v.nhwc = true
		}
	}
}

// chain follows pooled maps y through one activation to the one convolution
// that reads them, and their gradient back; set is all values on the way.
func chain(y *value, users map[*value][]*value) (set []*value, next *block, ok bool) {
	out := y
	set = []*value{y}
	for _, u := range users[y] {
		switch u.op.(type) {
		case unary, alias:
			if out != y || !slices.Equal(u.shape, y.shape) {
				return nil, nil, false
			}
			out = u
			set = append(set, u)
		case convPoolWeightGrad, convPoolInputGrad, convPool:
			if out == y && u.args[0] == y { // no activation between
				continue
			}
		default:
			return nil, nil, false
		}
	}
	if out.keep {
		return nil, nil, false
	}
	var slope *value
	for _, u := range users[out] {
		switch op := u.op.(type) {
		case convPool:
			if next != nil && next != op.block || u.args[0] != out || u.args[1] == out {
				return nil, nil, false
			}
			next = op.block
		case convPoolWeightGrad:
			if u.args[0] != out {
				if u.args[len(u.args)-1] == out { // our own gradient, which only waits for y
					continue
				}
				return nil, nil, false
			}
		case convPoolInputGrad:
			if u.args[len(u.args)-1] != out || u.args[0] == out || u.args[1] == out {
				return nil, nil, false
			}
		case binary:
			if slope != nil || u.args[0] != out {
				return nil, nil, false
			}
			slope = u
		default:
			return nil, nil, false
		}
	}
	if next == nil {
		return nil, nil, false
	}
	if slope == nil {
		return set, next, !hasGradient(y, users)
	}
	dOut := slope.args[1]
	if op, isOurs := dOut.op.(convPoolInputGrad); !isOurs || op.block != next || dOut.uses != 1 || slope.keep {
		return nil, nil, false
	}
	for _, u := range users[slope] {
		switch u.op.(type) {
		case convPoolWeightGrad, convPoolInputGrad:
		default:
			return nil, nil, false
		}
	}
	return append(set, slope, dOut), next, true
}

// hasGradient tells whether a gradient of the block of y is computed.
func hasGradient(y *value, users map[*value][]*value) bool {
	for _, u := range users[y] {
		switch u.op.(type) {
		case convPoolWeightGrad, convPoolInputGrad:
			return true
		}
	}
	return false
}
