package vm

// rectify finds x(x >= 0) and its gradient dy(x >= 0). The rectified value
// keeps in the sign of its zeros whether x >= 0, so that the gradient needs only
// it.
func rectify(p *program) {
	steps := map[*value]*value{} // x>=0 -> x
	relus := map[*value]*value{} // x -> relu(x)
	place := map[*value]int{}
	for i, v := range p.values {
		place[v] = i
		if v.isBinary(opGte) && v.args[1].is(0) && v.args[0].size == v.size {
			steps[v] = v.args[0]
		}
		if !v.isBinary(opMul) {
			continue
		}
		for i, a := range v.args {
			if x, ok := steps[a]; ok && v.args[1-i] == x && relus[x] == nil {
				relus[x] = v
				v.become(unary{opReLU}, x)
				break
			}
		}
	}
	for i, v := range p.values {
		if !v.isBinary(opMul) {
			continue
		}
		for j, a := range v.args {
			x, ok := steps[a]
			if y := relus[x]; ok && y != nil && v.args[1-j].size == v.size && place[y] < i {
				v.become(binary{opReLUGrad}, y, v.args[1-j])
				break
			}
		}
	}
}

func (v *value) isUnary(kind unaryKind) bool {
	op, ok := v.op.(unary)
	return ok && op.kind == kind
}

func (v *value) isBinary(kind binaryKind) bool {
	op, ok := v.op.(binary)
	return ok && op.kind == kind
}
