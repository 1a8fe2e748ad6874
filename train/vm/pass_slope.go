package vm

// slopes finds the gradients of sigmoid, sigmoid(x) sigmoid(-x) dy, and of tanh,
// (1 - y y) dy, and gives them operations of their own.
func slopes(p *program) {
	for _, v := range p.values {
		if !v.isBinary(opMul) || v.args[0].size != v.args[1].size {
			continue
		}
		for i, slope := range v.args {
			dy := v.args[1-i]
			if x := sigmoidSlope(slope); x != nil {
				v.become(binary{opSigmoidGrad}, x, dy)
				break
			}
			if y := tanhSlope(slope); y != nil {
				v.become(binary{opTanhGrad}, y, dy)
				break
			}
		}
	}
}

// sigmoidSlope gives x where v is sigmoid(x) sigmoid(-x).
func sigmoidSlope(v *value) *value {
	if !v.isBinary(opMul) {
		return nil
	}
	for i, y := range v.args {
		minus := v.args[1-i]
		if y.isUnary(opSigmoid) && minus.isUnary(opSigmoid) && minus.args[0].isUnary(opNeg) && minus.args[0].args[0] == y.args[0] {
			return y.args[0]
		}
	}
	return nil
}

// tanhSlope gives y = tanh(x) where v is 1 - y y.
func tanhSlope(v *value) *value {
	if !v.isBinary(opSub) || !v.args[0].is(1) {
		return nil
	}
	square := v.args[1]
	if !square.isBinary(opMul) || square.args[0] != square.args[1] || !square.args[0].isUnary(opTanh) {
		return nil
	}
	return square.args[0]
}
