package vm

import "slices"

// chainLayouts lets maps that go from one convolution to the next stay in the
// order (B, H, W, C), which the kernels like best: where nothing but the two
// convolutions, one activation and their gradients reads them or their gradient.
func chainLayouts(p *program) {
	users, gradients := p.users(), map[*block][]*value{}
	for _, v := range p.values {
		if b := gradientOf(v); b != nil {
			gradients[b] = append(gradients[b], v)
		}
	}
	for _, y := range p.values {
		first, ok := y.op.(convolution)
		if !ok || !first.pools || y.keep {
			continue
		}
		c := chain{y: y, out: y, users: users, gradients: gradients}
		if !c.forward() || !c.back() {
			continue
		}
		first.out, c.next.in = channelsLast, channelsLast
		for _, v := range c.set {
			v.layout = channelsLast
		}
	}
	for _, v := range p.values {
		if c, ok := v.op.(convolution); ok {
			if err := c.prepare(); err != nil {
				panic(err)
			}
		}
	}
}

// chain follows pooled maps y through one activation to the one convolution that
// reads them, and their gradient back.
type chain struct {
	users     map[*value][]*value
	gradients map[*block][]*value

	y, out *value   // out is y or its activation
	set    []*value // all that changes its order
	next   *block
	slope  *value // the activation's gradient
}

// forward finds out and next: every reader of y and out is one that may.
func (c *chain) forward() bool {
	first := c.y.op.(convolution).block
	c.set = append(c.set, c.y)
	for _, u := range c.users[c.y] {
		if op, ok := u.op.(unary); ok && op.kind != opCopy || isAlias(u) && slices.Equal(u.shape, c.y.shape) {
			if c.out != c.y || u.keep {
				return false
			}
			c.out = u
			c.set = append(c.set, u)
		}
	}
	readers := slices.Clone(c.users[c.y])
	if c.out != c.y {
		readers = append(readers, c.users[c.out]...)
	}
	for _, u := range readers {
		if u == c.out || waitsFor(u, c.y) && gradientOf(u) == first && u.args[0] != c.y && u.args[1] != c.y {
			continue
		}
		if !c.reads(u) {
			return false
		}
	}
	return c.next != nil && c.next != first
}

func isAlias(v *value) bool { _, ok := v.op.(alias); return ok }

// waitsFor tells whether u is a gradient that reads where y's maxima were.
func waitsFor(u, y *value) bool { return gradientOf(u) != nil && len(u.args) == 3 && u.args[2] == y }

// gradientOf is the block whose gradient v is.
func gradientOf(v *value) *block {
	switch op := v.op.(type) {
	case weightGrad:
		return op.block
	case inputGrad:
		return op.block
	}
	return nil
}

// reads tells whether u may read the maps channels last: the next convolution or
// its weights' gradient as images, or the slope.
func (c *chain) reads(u *value) bool {
	switch op := u.op.(type) {
	case convolution:
		if c.next != nil && c.next != op.block || !op.pools || u.args[0] != c.out || slices.Contains(u.args[1:], c.out) {
			return false
		}
		c.next = op.block
		return true
	case weightGrad:
		return op.pools && u.args[0] == c.out && u.args[1] != c.out && !waitsFor(u, c.out)
	case binary:
		if c.slope != nil || u.args[1] == c.out || u.args[1] == c.y || u.keep {
			return false
		}
		switch op.kind {
		case opReLUGrad, opTanhGrad, opSigmoidGrad:
			c.slope = u
			return true
		}
	}
	return false
}

// back follows the maps' gradient from the next convolution: through the slope
// to the first one's gradients, and nowhere else. Whoever else reads it wants it
// as the graph has it.
func (c *chain) back() bool {
	for _, u := range c.users[c.out] {
		if b := gradientOf(u); b != nil && b != c.next && u.args[0] == c.out {
			return false
		}
	}
	var dOut *value
	for _, u := range c.gradients[c.next] {
		if _, ok := u.op.(inputGrad); ok {
			dOut = u
		}
	}
	if dOut == nil {
		return c.slope == nil && len(c.gradients[c.y.op.(convolution).block]) == 0
	}
	if c.slope == nil {
		return c.onlyGradientsRead(dOut)
	}
	if c.slope.args[1] != dOut || dOut.uses != 1 || dOut.keep {
		return false
	}
	c.set = append(c.set, dOut)
	return c.onlyGradientsRead(c.slope)
}

// onlyGradientsRead tells whether d is what all gradients of the first block
// read as that of its maps, and nobody else; then d changes its order too.
func (c *chain) onlyGradientsRead(d *value) bool {
	gradients := c.gradients[c.y.op.(convolution).block]
	if d.keep || len(c.users[d]) != len(gradients) {
		return false
	}
	for _, u := range gradients {
		if u.args[1] != d || u.args[0] == d {
			return false
		}
	}
	c.set = append(c.set, d)
	return true
}
