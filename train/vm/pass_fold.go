package vm

import (
	"slices"
)

// foldConstants rewrites a program into fewer operations with the same values:
// constants are computed, aliases looked through, scalars not repeated where an
// elementwise operation repeats them for itself.
func foldConstants(p *program) {
	for _, v := range p.values {
		for i, a := range v.args {
			v.args[i] = resolve(a)
		}
		p.fold(v)
	}
}

// resolve looks through aliases that do not change the shape.
func resolve(v *value) *value {
	for {
		if !isAlias(v) || !slices.Equal(v.shape, v.args[0].shape) {
			return v
		}
		v = v.args[0]
	}
}

// fold simplifies one value whose operands are simple already.
func (p *program) fold(v *value) {
	switch op := v.op.(type) {
	case alias:
		switch a := v.args[0].op.(type) {
		case alias:
			v.args[0] = v.args[0].args[0]
		case constant:
			v.become(a)
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
		}
	case unary:
		if a, ok := v.args[0].op.(broadcast); ok { // f(repeat(s)) = repeat(f(s))
			s := v.args[0].args[0]
			inner := newValue(op, s.shape, v.node, s)
			p.fold(inner)
			v.become(a, inner)
			return
		}
		if c, ok := v.args[0].op.(constant); ok {
			v.become(constant{p.round(applyUnary(op.kind, c.v))})
		}
	case binary:
		p.foldBinary(v, op)
	}
}

func (p *program) foldBinary(v *value, op binary) {
	for i, a := range v.args {
		if _, ok := a.op.(broadcast); ok {
			v.args[i] = a.args[0]
		}
	}
	x, y := v.args[0], v.args[1]
	if x.scalar() && y.scalar() && !v.scalar() { // both operands were repeated: repeat the result
		inner := newValue(op, nil, v.node, x, y)
		p.fold(inner)
		v.become(broadcast{}, inner)
		return
	}
	a, aConst := x.op.(constant)
	b, bConst := y.op.(constant)
	switch {
	case aConst && bConst:
		v.become(constant{p.round(applyBinary(op.kind, a.v, b.v))})
	case (op.kind == opMul || op.kind == opDiv) && y.is(1):
		v.become(alias{}, x)
	case op.kind == opMul && x.is(1):
		v.become(alias{}, y)
	}
}

// round gives what the program's float type holds of a constant.
func (p *program) round(x float64) float64 {
	if p.float32 {
		return float64(float32(x))
	}
	return x
}
