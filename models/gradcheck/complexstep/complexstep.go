// Package complexstep measures slopes without a difference: where a loss is
// analytic, it is evaluated a tiny imaginary step h away, and Im f(x + ih) / h is
// the slope, off by terms in h² alone (Squire and Trapp 1998). With h = 2^-400
// these are nothing, as is what rounding does to f itself, so slopes are right to
// some 15 digits where differences of the same graph lose half of them or all.
//
// So small a step leaves all real parts what they are in the graph; only imaginary
// parts are computed here. Those of linear and bilinear operators are what the
// operator itself makes of them; functions of one number are evaluated in complex
// numbers, not by a formula for their derivative. All operators else, such as
// maxima, rectifiers, comparisons and those of the user's, are not analytic.
package complexstep

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/gradcheck/difference"
	"symgrad/models/interpret"
)

// step is h, so small that its square is lost beside any number, so large that
// gradients of 1e-150 are normal numbers times it.
const step = 0x1p-400

// least is the slope whose imaginary parts are the smallest normal numbers.
const least = 0x1p-1022 / step

// Line is a loss around a point, of which one parameter moves.
type Line struct {
	param, loss *G.Node
	steps       []move // operands before what is made of them
	values      map[*G.Node]G.Value
}

// move is a node that moves with the parameter.
type move struct {
	node     *G.Node
	operands G.Nodes
	rule     rule
}

// New prepares to measure how a loss changes with a parameter, from the values of
// all nodes; nodes are those between them, in order. It gives nil where one of
// them is not known to be analytic, or numbers are not float64.
func New(param, loss *G.Node, nodes G.Nodes, values map[*G.Node]G.Value) *Line {
	l := &Line{param: param, loss: loss, values: values}
	if param.Dtype() != tensor.Float64 {
		return nil
	}
	for _, n := range nodes {
		if n.Op() == nil {
			return nil
		}
		r := ruleOf(n.Op())
		if r == nil {
			return nil
		}
		l.steps = append(l.steps, move{n, interpret.Operands(n), r})
	}
	return l
}

// Along is the slope along a direction, and what rounding may put it off by: what
// three steps of different digits disagree about, and numbers so small that they
// vanish. ok is false where the loss turns out not to be analytic here, as a root
// of a negative number.
func (l *Line) Along(direction []float64) (e difference.Estimate, ok bool) {
	var slope [3]float64
	for i, h := range [3]float64{step, 0.7 * step, 1.3 * step} {
		im, ok := l.imaginary(direction, h)
		if !ok {
			return e, false
		}
		slope[i] = im / h
	}
	spread := max(slope[0], slope[1], slope[2]) - min(slope[0], slope[1], slope[2])
	return difference.Estimate{
		Slope: slope[0], Up: slope[0], Down: slope[0],
		Error: 4*spread + 0x1p-50*math.Abs(slope[0]) + least,
		Value: audit.Numbers(l.values[l.loss])[0],
		Shape: difference.Smooth,
	}, true
}

// imaginary is the loss's imaginary part a step h along the direction.
func (l *Line) imaginary(direction []float64, h float64) (loss float64, ok bool) {
	moved := make([]float64, len(direction))
	for i, d := range direction {
		moved[i] = h * d
	}
	var err error
	im := map[*G.Node]G.Value{l.param: interpret.Float(l.param.Dtype(), l.param.Shape(), moved)}
	for _, s := range l.steps {
		var operands []number
		moves := false
		for _, c := range s.operands {
			operands = append(operands, number{l.values[c], im[c]})
			moves = moves || im[c] != nil
		}
		if !moves {
			continue
		}
		v, ok := s.rule(s.node, operands, l.values[s.node])
		if !ok {
			return 0, false
		}
		if v == nil {
			continue
		}
		if im[s.node], err = interpret.Copy(v, s.node.Shape()); err != nil {
			return 0, false
		}
	}
	if im[l.loss] == nil {
		return 0, true
	}
	v := audit.Numbers(im[l.loss])
	if len(v) != 1 || math.IsNaN(v[0]) || math.IsInf(v[0], 0) || v[0] != 0 && math.Abs(v[0]) < 0x1p-1000 { // some of its digits are lost
		return 0, false
	}
	return v[0], true
}

// number is a complex value; im is nil where it is real.
type number struct{ re, im G.Value }

// parts are an operand's, number by number.
func (n number) parts() (re, im []float64) {
	re = audit.Numbers(n.re)
	if n.im == nil {
		return re, make([]float64, len(re))
	}
	return re, audit.Numbers(n.im)
}
