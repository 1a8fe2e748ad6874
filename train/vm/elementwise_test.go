package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestElementwise(t *testing.T) {
	table := map[string]expression{}
	for name, op := range map[string]func(*G.Node) (*G.Node, error){
		"abs": G.Abs, "sin": G.Sin, "cos": G.Cos, "exp": G.Exp, "neg": G.Neg, "square": G.Square, "cube": G.Cube, "tanh": G.Tanh,
		"sigmoid": G.Sigmoid, "expm1": G.Expm1, "softplus": G.Softplus, "rectify": G.Rectify, "mish": G.Mish,
		"leaky": func(x *G.Node) (*G.Node, error) { return G.LeakyRelu(x, 0.1) },
	} {
		table[name] = of(op, normal(1, 5, 7))
		table[name+" of a scalar"] = of(op, normal(2))
		table[name+" of a vector"] = of(op, normal(3, 9))
		table[name+" of one number"] = of(op, normal(4, 1, 1))
		table[name+" of 4 axes"] = of(op, normal(5, 2, 3, 2, 5))
	}
	for name, op := range map[string]func(*G.Node) (*G.Node, error){
		"log": G.Log, "sqrt": G.Sqrt, "inverse": G.Inverse, "log1p": G.Log1p, "log2": G.Log2, "inverse sqrt": G.InverseSqrt,
	} {
		table[name] = of(op, positive(1, 5, 7))
		table[name+" of a scalar"] = of(op, positive(2))
		table[name+" of many"] = of(op, positive(3, 40, 50))
	}
	for name, op := range map[string]func(*G.Node) (*G.Node, error){"sign": G.Sign, "ceil": G.Ceil, "floor": G.Floor} {
		e := of(op, normal(1, 5, 7))
		e.flat = true
		table[name] = e
	}
	expressions(t, table)
}

func TestTwoOperands(t *testing.T) {
	table := map[string]expression{}
	for name, op := range map[string]func(x, y *G.Node) (*G.Node, error){
		"add": G.Add, "sub": G.Sub, "product": G.HadamardProd, "quotient": G.HadamardDiv, "div": G.Div,
	} {
		table[name] = of2(op, normal(1, 5, 7), positive(2, 5, 7))
		table[name+" of scalars"] = of2(op, normal(1), positive(2))
		table[name+" of vectors"] = of2(op, normal(1, 33), positive(2, 33))
		table[name+" of many"] = of2(op, normal(1, 90, 100), positive(2, 90, 100)) // more than one block and one piece
		table[name+" matrix, scalar"] = of2(op, normal(1, 5, 7), positive(2))
		table[name+" scalar, matrix"] = of2(op, normal(1), positive(2, 5, 7))
		table[name+" of itself"] = of(func(x *G.Node) (*G.Node, error) { return op(x, x) }, positive(2, 5, 7))
	}
	table["power"] = one(func(p G.Nodes) (*G.Node, error) { return G.Pow(p[0], constantLike(p[0], 3)) }, positive(1, 5, 7))
	for name, e := range map[string]expression{
		"power of two matrices":   of2(G.Pow, positive(1, 5, 7), positive(2, 5, 7)),
		"power of a scalar":       of2(G.Pow, positive(1), positive(2, 5, 7)),
		"power of scalars":        of2(G.Pow, positive(1), positive(2)),
		"power of one number":     of2(G.Pow, positive(1, 1), positive(2, 1)),
		"a rectifier's condition": of2(afterRectifier, normal(1), positive(2, 5, 7)),
	} {
		e.flat = true
		table[name] = e
	}
	table["binary cross-entropy"] = of2(func(x, y *G.Node) (*G.Node, error) {
		p, err := G.Sigmoid(x)
		if err != nil {
			return nil, err
		}
		return G.BinaryXent(p, y)
	}, normal(1, 5, 7), positive(2, 5, 7))
	expressions(t, table)
}

// Comparisons give truths, or numbers of the operands' type.
func TestComparisons(t *testing.T) {
	table := map[string]expression{}
	for name, op := range map[string]func(x, y *G.Node, retSame bool) (*G.Node, error){
		"<": G.Lt, ">": G.Gt, "<=": G.Lte, ">=": G.Gte, "==": G.Eq, "!=": G.Ne,
	} {
		for kind, retSame := range map[string]bool{" number": true, " truth": false} {
			compare := func(x, y *G.Node) (*G.Node, error) { return op(x, y, retSame) }
			for operands, e := range map[string]expression{
				"":               of2(compare, array{[]int{2, 3}, []float64{1, 2, 3, -1, 0, 5}}, array{[]int{2, 3}, []float64{1, 3, 2, -1, 1, 5}}),
				" matrix scalar": of2(compare, array{[]int{2, 3}, []float64{1, 2, 3, -1, 0, 5}}, array{nil, []float64{1}}),
				" scalar matrix": of2(compare, array{nil, []float64{1}}, array{[]int{2, 3}, []float64{1, 2, 3, -1, 0, 5}}),
				" vectors":       of2(compare, normal(1, 17), normal(2, 17)),
			} {
				e.flat = true
				table[name+kind+operands] = e
			}
		}
	}
	expressions(t, table)
}

// afterRectifier is the rectified s, a scalar, plus x(s >= 0).
func afterRectifier(s, x *G.Node) (*G.Node, error) {
	up, err := G.Gte(s, constantLike(s, 0), true)
	if err != nil {
		return nil, err
	}
	return G.Add(G.Must(G.HadamardProd(s, up)), G.Must(G.HadamardProd(x, up)))
}

// constantLike is a constant of n's type.
func constantLike(n *G.Node, v float64) *G.Node {
	if n.Dtype() == tensor.Float32 {
		return G.NewConstant(float32(v))
	}
	return G.NewConstant(v)
}
