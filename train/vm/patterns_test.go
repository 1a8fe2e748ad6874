package vm_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
)

// TestPatterns: the values of what looks like something that a pass knows.
func TestPatterns(t *testing.T) { expressions(t, patterns()) }

// patterns are what the passes look for in graphs without convolutions, and what
// differs from it in one thing.
func patterns() map[string]expression {
	must := G.Must
	mul := func(x, y *G.Node) *G.Node { return must(G.HadamardProd(x, y)) }
	step := func(x, than *G.Node) *G.Node { return must(G.Gte(x, than, true)) }
	sigmoid := func(x *G.Node) *G.Node { return must(G.Sigmoid(x)) }
	tanh := func(x *G.Node) *G.Node { return must(G.Tanh(x)) }
	neg := func(x *G.Node) *G.Node { return must(G.Neg(x)) }
	onto := func(x, row *G.Node) *G.Node { return must(G.BroadcastAdd(x, row, nil, []byte{0})) }
	x, y, z, s := normal(1, 6, 5), normal(2, 6, 5), normal(3, 6, 5), normal(4)
	asked := func(build func(p G.Nodes) *G.Node, params ...array) expression {
		e := one(func(p G.Nodes) (*G.Node, error) { return build(p), nil }, params...)
		e.flat = true
		return e
	}
	trained := func(build func(p G.Nodes) *G.Node, params ...array) expression {
		e := asked(build, params...)
		e.flat = false
		return e
	}
	of := func(p *G.Node, c float64) *G.Node { return constantLike(p, c) }
	return map[string]expression{
		"x(x >= 0)":                  asked(func(p G.Nodes) *G.Node { return mul(p[0], step(p[0], of(p[0], 0))) }, x),
		"(x >= 0)x":                  asked(func(p G.Nodes) *G.Node { return mul(step(p[0], of(p[0], 0)), p[0]) }, x),
		"x(x >= 1)":                  asked(func(p G.Nodes) *G.Node { return mul(p[0], step(p[0], of(p[0], 1))) }, x),
		"x(x >= y)":                  asked(func(p G.Nodes) *G.Node { return mul(p[0], step(p[0], p[1])) }, x, y),
		"y(x >= 0)":                  asked(func(p G.Nodes) *G.Node { return mul(p[1], step(p[0], of(p[0], 0))) }, x, y),
		"a rectifier, and y(x >= 0)": asked(func(p G.Nodes) *G.Node { return must(G.Add(must(G.Rectify(p[0])), mul(p[1], step(p[0], of(p[0], 0))))) }, x, y),
		"y(x >= 0), and a rectifier": asked(func(p G.Nodes) *G.Node {
			first := mul(step(p[0], of(p[0], 0)), p[1])
			return must(G.Sub(first, must(G.Rectify(p[0]))))
		}, x, y),
		"a rectifier, and s(x >= 0)": asked(func(p G.Nodes) *G.Node { return must(G.Add(must(G.Rectify(p[0])), mul(p[1], step(p[0], of(p[0], 0))))) }, x, s),
		"(x >= 0)(z >= 0), and two rectifiers": asked(func(p G.Nodes) *G.Node {
			both := mul(step(p[0], of(p[0], 0)), step(p[1], of(p[1], 0)))
			return must(G.Add(both, must(G.Add(must(G.Rectify(p[0])), must(G.Rectify(p[1]))))))
		}, x, z),
		"a rectifier twice": asked(func(p G.Nodes) *G.Node {
			up := step(p[0], of(p[0], 0))
			return must(G.Add(mul(p[0], up), mul(up, p[0])))
		}, x),

		"sigmoid(x) sigmoid(-x) y":     asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[0]), sigmoid(neg(p[0]))), p[1]) }, x, y),
		"y sigmoid(-x) sigmoid(x)":     asked(func(p G.Nodes) *G.Node { return mul(p[1], mul(sigmoid(neg(p[0])), sigmoid(p[0]))) }, x, y),
		"sigmoid(x) sigmoid(-x) s":     asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[0]), sigmoid(neg(p[0]))), p[1]) }, x, s),
		"sigmoid(s) sigmoid(-s) y":     asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[1]), sigmoid(neg(p[1]))), p[0]) }, y, s),
		"sigmoid(x) tanh(-x) y":        asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[0]), tanh(neg(p[0]))), p[1]) }, x, y),
		"tanh(x) sigmoid(-x) y":        asked(func(p G.Nodes) *G.Node { return mul(mul(tanh(p[0]), sigmoid(neg(p[0]))), p[1]) }, x, y),
		"sigmoid(x) sigmoid(-z) y":     asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[0]), sigmoid(neg(p[2]))), p[1]) }, x, y, z),
		"sigmoid(x) sigmoid(exp(x)) y": asked(func(p G.Nodes) *G.Node { return mul(mul(sigmoid(p[0]), sigmoid(must(G.Exp(p[0])))), p[1]) }, x, y),
		"(sigmoid(x) + sigmoid(-x)) y": asked(func(p G.Nodes) *G.Node { return mul(must(G.Add(sigmoid(p[0]), sigmoid(neg(p[0])))), p[1]) }, x, y),

		"(1 - tanh(x) tanh(x)) y": asked(func(p G.Nodes) *G.Node { return mul(must(G.Sub(of(p[0], 1), mul(tanh(p[0]), tanh(p[0])))), p[1]) }, x, y),
		"(1 - tanh(x) tanh(x)) s": asked(func(p G.Nodes) *G.Node { return mul(must(G.Sub(of(p[0], 1), mul(tanh(p[0]), tanh(p[0])))), p[1]) }, x, s),
		"(2 - tanh(x) tanh(x)) y": asked(func(p G.Nodes) *G.Node { return mul(must(G.Sub(of(p[0], 2), mul(tanh(p[0]), tanh(p[0])))), p[1]) }, x, y),
		"(1 + tanh(x) tanh(x)) y": asked(func(p G.Nodes) *G.Node { return mul(must(G.Add(of(p[0], 1), mul(tanh(p[0]), tanh(p[0])))), p[1]) }, x, y),
		"(1 - tanh(x) tanh(z)) y": asked(func(p G.Nodes) *G.Node { return mul(must(G.Sub(of(p[0], 1), mul(tanh(p[0]), tanh(p[2])))), p[1]) }, x, y, z),
		"(1 - sin(x) sin(x)) y": asked(func(p G.Nodes) *G.Node {
			return mul(must(G.Sub(of(p[0], 1), mul(must(G.Sin(p[0])), must(G.Sin(p[0]))))), p[1])
		}, x, y),
		"(1 - (tanh(x) + tanh(x))) y": asked(func(p G.Nodes) *G.Node {
			return mul(must(G.Sub(of(p[0], 1), must(G.Add(tanh(p[0]), tanh(p[0]))))), p[1])
		}, x, y),

		"a sigmoid's slope times another's": asked(func(p G.Nodes) *G.Node {
			return mul(mul(sigmoid(p[0]), sigmoid(neg(p[0]))), mul(sigmoid(p[1]), sigmoid(neg(p[1]))))
		}, x, z),
		"a tanh's slope times another's": asked(func(p G.Nodes) *G.Node {
			return mul(must(G.Sub(of(p[0], 1), mul(tanh(p[0]), tanh(p[0])))), must(G.Sub(of(p[1], 1), mul(tanh(p[1]), tanh(p[1])))))
		}, x, z),

		"x 1":                                    asked(func(p G.Nodes) *G.Node { return must(G.Exp(mul(p[0], of(p[0], 1)))) }, x),
		"1 x":                                    asked(func(p G.Nodes) *G.Node { return must(G.Exp(mul(of(p[0], 1), p[0]))) }, x),
		"x / 1":                                  asked(func(p G.Nodes) *G.Node { return must(G.Exp(must(G.HadamardDiv(p[0], of(p[0], 1))))) }, x),
		"1 / x":                                  asked(func(p G.Nodes) *G.Node { return must(G.Exp(must(G.HadamardDiv(of(p[0], 1), p[0])))) }, x),
		"x - 1":                                  asked(func(p G.Nodes) *G.Node { return must(G.Exp(must(G.Sub(p[0], of(p[0], 1))))) }, x),
		"x 2":                                    asked(func(p G.Nodes) *G.Node { return must(G.Exp(mul(p[0], of(p[0], 2)))) }, x),
		"the square of a sum of what is negated": trained(func(p G.Nodes) *G.Node { return must(G.Square(must(G.Sum(neg(p[0]))))) }, x),
		"the sum of what is negated":             trained(func(p G.Nodes) *G.Node { return must(G.Sum(neg(p[0]))) }, x),
		"two functions of a sum": trained(func(p G.Nodes) *G.Node {
			sum := must(G.Sum(p[0]))
			return must(G.Add(must(G.Square(sum)), must(G.Exp(sum))))
		}, x),
		"a sum of one number, negated": trained(func(p G.Nodes) *G.Node { return must(G.Sum(neg(p[0]))) }, normal(1, 1, 1)),
		"two ways to sum":              trained(func(p G.Nodes) *G.Node { return must(G.Add(must(G.Sum(p[0])), must(G.Sum(must(G.Sum(p[0], 0)))))) }, x),
		"functions of two ways to sum": trained(func(p G.Nodes) *G.Node {
			return must(G.Add(must(G.Square(must(G.Sum(p[0])))), must(G.Exp(must(G.Sum(must(G.Sum(p[0], 0))))))))
		}, x),
		"of one number":       trained(func(p G.Nodes) *G.Node { return must(G.Square(must(G.Sum(neg(p[0]))))) }, normal(1, 1, 1)),
		"a row repeated once": asked(func(p G.Nodes) *G.Node { return onto(p[0], p[1]) }, normal(1, 1, 5), normal(2, 1, 5)),

		"a product plus a row":        trained(func(p G.Nodes) *G.Node { return onto(must(G.Mul(p[0], p[1])), p[2]) }, x, normal(5, 5, 4), normal(6, 1, 4)),
		"a row plus a product":        trained(func(p G.Nodes) *G.Node { return must(G.BroadcastAdd(p[2], must(G.Mul(p[0], p[1])), []byte{0}, nil)) }, x, normal(5, 5, 4), normal(6, 1, 4)),
		"a product minus a row":       trained(func(p G.Nodes) *G.Node { return must(G.BroadcastSub(must(G.Mul(p[0], p[1])), p[2], nil, []byte{0})) }, x, normal(5, 5, 4), normal(6, 1, 4)),
		"a product plus a column":     trained(func(p G.Nodes) *G.Node { return must(G.BroadcastAdd(must(G.Mul(p[0], p[1])), p[2], nil, []byte{1})) }, x, normal(5, 5, 4), normal(6, 6, 1)),
		"a row's product plus one":    trained(func(p G.Nodes) *G.Node { return must(G.BroadcastAdd(must(G.Mul(p[0], p[1])), p[2], nil, []byte{1})) }, normal(1, 1, 5), normal(5, 5, 4), normal(6, 1, 1)),
		"a product plus two rows":     trained(func(p G.Nodes) *G.Node { return onto(onto(must(G.Mul(p[0], p[1])), p[2]), p[3]) }, x, normal(5, 5, 4), normal(6, 1, 4), normal(7, 1, 4)),
		"a product plus itself":       trained(func(p G.Nodes) *G.Node { y := must(G.Mul(p[0], p[1])); return must(G.Add(y, y)) }, x, normal(5, 5, 4)),
		"a product, read twice":       trained(func(p G.Nodes) *G.Node { y := must(G.Mul(p[0], p[1])); return mul(onto(y, p[2]), y) }, x, normal(5, 5, 4), normal(6, 1, 4)),
		"a product, activated":        asked(func(p G.Nodes) *G.Node { return tanh(must(G.Mul(p[0], p[1]))) }, x, normal(5, 5, 4)),
		"two activations in a row":    asked(func(p G.Nodes) *G.Node { return must(G.Rectify(tanh(onto(must(G.Mul(p[0], p[1])), p[2])))) }, x, normal(5, 5, 4), normal(6, 1, 4)),
		"exp of a product plus a row": asked(func(p G.Nodes) *G.Node { return must(G.Exp(onto(must(G.Mul(p[0], p[1])), p[2]))) }, x, normal(5, 5, 4), normal(6, 1, 4)),
	}
}
