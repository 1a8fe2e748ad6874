package vm

// rectify finds x(x >= 0) and its gradient dy(x >= 0). The rectified value
// keeps in the sign of its zeros whether x >= 0, so that the gradient needs only
// it.
func rectify(p *program) {
	steps := map[*value]*value{} // x>=0 -> x
	relus := map[*value]*value{} // x -> relu(x)
	for _, v := range p.values {
		if v.isBinary(opGte) && v.args[1].is(0) {
			steps[v] = v.args[0]
		}
		if !v.isBinary(opMul) {
			continue
		}
		for i, a := range v.args {
			if x := v.args[1-i]; steps[a] == x {
				relus[x] = v
				v.become(unary{opReLU}, x)
				break
			}
		}
	}
	for _, v := range p.values {
		if !v.isBinary(opMul) {
			continue
		}
		for i, a := range v.args {
			if y := relus[steps[a]]; y != nil && y.size == v.size && v.args[1-i].size == v.size {
				v.become(binary{opReLUGrad}, y, v.args[1-i])
				break
			}
		}
	}
}

func (v *value) isUnary(kind unaryKind) bool   { return v.op == operation(unary{kind}) }
func (v *value) isBinary(kind binaryKind) bool { return v.op == operation(binary{kind}) }
