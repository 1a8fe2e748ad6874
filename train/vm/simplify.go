package vm

import (
	"slices"
)

// simplify rewrites a program into fewer, larger operations with the same
// values. lossy allows rewrites that round differently (float32 only: a
// sigmoid's slope from the sigmoid itself instead of a second exponential).
func (p *program) simplify(lossy bool) {
	for _, v := range p.values {
		for i, a := range v.args {
			v.args[i] = resolve(a)
		}
		fold(v)
	}
	p.reach()
	rectify(p)
	if lossy {
		slopes(p)
	}
	p.reach()
}

// resolve looks through aliases whose numbers can be read as they are, and
// through broadcasts, which elementwise operations repeat for themselves.
func resolve(v *value) *value {
	for {
		_, isAlias := v.op.(alias)
		if isAlias && slices.Equal(v.shape, v.args[0].shape) {
			v = v.args[0]
			continue
		}
		return v
	}
}

// fold simplifies one value whose operands are simple already.
func fold(v *value) {
	switch op := v.op.(type) {
	case alias:
		switch a := v.args[0].op.(type) {
		case alias:
			v.args[0] = v.args[0].args[0]
		case constant:
			if v.scalar() {
				v.become(a)
			}
		case broadcast:
			v.become(broadcast{}, v.args[0].args[0])
		}
	case repeat:
		if b, ok := v.args[0].op.(broadcast); ok {
			v.become(b, v.args[0].args[0])
		} else if op.times == 1 {
			v.become(alias{}, v.args[0])
		}
	case broadcast:
		if v.scalar() {
			v.become(alias{}, v.args[0])
			fold(v)
		}
	case unary:
		if a, ok := v.args[0].op.(broadcast); ok && !v.scalar() { // f(repeat(s)) = repeat(f(s))
			s := v.args[0].args[0]
			inner := newValue(op, s.shape, v.node, s)
			fold(inner)
			v.become(a, inner)
			return
		}
		if c, ok := v.args[0].op.(constant); ok && v.scalar() {
			v.become(constant{applyUnary(op.kind, c.v)})
		}
	case binary:
		foldBinary(v, op)
	}
}

func foldBinary(v *value, op binary) {
	for i, a := range v.args {
		if _, ok := a.op.(broadcast); ok && !v.scalar() {
			v.args[i] = a.args[0]
		}
	}
	x, y := v.args[0], v.args[1]
	if x.scalar() && y.scalar() && !v.scalar() { // both operands were repeated: repeat the result
		inner := newValue(op, nil, v.node, x, y)
		fold(inner)
		v.become(broadcast{}, inner)
		return
	}
	a, aConst := x.op.(constant)
	b, bConst := y.op.(constant)
	switch {
	case aConst && bConst && v.scalar():
		v.become(constant{applyBinary(op.kind, a.v, b.v)})
	case (op.kind == opMul || op.kind == opDiv) && y.is(1) && x.size == v.size:
		v.become(alias{}, x)
	case op.kind == opMul && x.is(1) && y.size == v.size:
		v.become(alias{}, y)
	case op.kind == opMul && bConst && !aConst: // (x c) d = x (c d) where c and d are exact powers of two or one
		v.args = []*value{y, x}
	}
}

// rectify finds x*(x>=0) and its gradient dy*(x>=0). The rectified value keeps
// the sign of x in its zero's sign, so that the gradient needs only it.
func rectify(p *program) {
	steps := map[*value]*value{} // x>=0 -> x
	relus := map[*value]*value{} // x -> relu(x)
	for _, v := range p.values {
		switch op := v.op.(type) {
		case binary:
			if op.kind == opGte && v.args[1].is(0) && v.args[0].size == v.size {
				steps[v] = v.args[0]
			}
			if op.kind == opMul {
				for i, a := range v.args {
					if x, ok := steps[a]; ok && v.args[1-i] == x && relus[x] == nil {
						relus[x] = v
						v.become(unary{opReLU}, x)
						break
					}
				}
			}
		}
	}
	for _, v := range p.values {
		op, ok := v.op.(binary)
		if !ok || op.kind != opMul {
			continue
		}
		for i, a := range v.args {
			x, ok := steps[a]
			if ok && relus[x] != nil && v.args[1-i].size == v.size && before(p, relus[x], v) {
				v.become(binary{opReLUGrad}, relus[x], v.args[1-i])
				break
			}
		}
	}
}

// before tells whether a is computed before b.
func before(p *program, a, b *value) bool {
	return slices.Index(p.values, a) < slices.Index(p.values, b)
}

// slopes finds the gradients of sigmoid, y*sigmoid(-x)*dy, and of tanh,
// (1-y*y)*dy, and gives them operations of their own.
func slopes(p *program) {
	sigmoids := map[*value]*value{} // x -> sigmoid(x)
	for _, v := range p.values {
		if op, ok := v.op.(unary); ok && op.kind == opSigmoid {
			sigmoids[v.args[0]] = v
		}
	}
	for _, v := range p.values {
		op, ok := v.op.(binary)
		if !ok || op.kind != opMul || v.args[0].size != v.args[1].size {
			continue
		}
		for i, slope := range v.args {
			dy := v.args[1-i]
			if y := sigmoidOfSlope(slope, sigmoids); y != nil {
				v.become(binary{opSigmoidGrad}, y, dy)
				break
			}
			if y := tanhOfSlope(slope); y != nil {
				v.become(binary{opTanhGrad}, y, dy)
				break
			}
		}
	}
}

// sigmoidOfSlope gives y = sigmoid(x) where v is y*sigmoid(-x).
func sigmoidOfSlope(v *value, sigmoids map[*value]*value) *value {
	op, ok := v.op.(binary)
	if !ok || op.kind != opMul {
		return nil
	}
	for i, y := range v.args {
		if minus, ok := operand(v.args[1-i], opSigmoid); ok {
			if x, ok := operand(minus, opNeg); ok && sigmoids[x] == y {
				return y
			}
		}
	}
	return nil
}

// tanhOfSlope gives y = tanh(x) where v is 1-y*y.
func tanhOfSlope(v *value) *value {
	op, ok := v.op.(binary)
	if !ok || op.kind != opSub || !v.args[0].is(1) {
		return nil
	}
	square, ok := v.args[1].op.(binary)
	if !ok || square.kind != opMul || v.args[1].args[0] != v.args[1].args[1] {
		return nil
	}
	y := v.args[1].args[0]
	if _, ok := operand(y, opTanh); ok {
		return y
	}
	return nil
}

// operand gives x where v is kind(x).
func operand(v *value, kind unaryKind) (*value, bool) {
	if op, ok := v.op.(unary); ok && op.kind == kind {
		return v.args[0], true
	}
	return nil, false
}
