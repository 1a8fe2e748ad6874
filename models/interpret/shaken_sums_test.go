package interpret_test

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/interpret"
	"symgrad/models/ops"
	"symgrad/models/stock"
)

// TestWithin has what results are off by, by hand, where all sums within an operator
// are off by their whole share; what has no sums within is off by nothing.
func TestWithin(t *testing.T) {
	const rows, columns, epsilon = 2, 3, 0.5
	x, dy := []float64{0.3, 1, -2, 2, 0, 0.1}, []float64{3, -0.75, 2, 4, 0.5, -5}
	targets := []float64{1, -2, 0, 0.5, 0.5, 1}
	row := func(i int) []int { return []int{i / 3 * 3, i/3*3 + 1, i/3*3 + 2} }
	column := func(i int) []int { return []int{i % 3, i%3 + 3} }
	softmax := func(i int, along []int) (p float64) {
		for _, j := range along {
			p += math.Exp(x[j] - x[i])
		}
		return 1 / p
	}
	largest := func(along []int, f func(j int) float64) (most float64) {
		for _, j := range along {
			most = max(most, math.Abs(f(j)))
		}
		return most
	}
	dyAt := func(i int) float64 { return dy[i] }
	normalised := func(in G.Nodes, training bool) *G.Node {
		one := func(name string, v float64) *G.Node {
			return input(in[0].Graph(), name, tensor.New(tensor.WithShape(1, columns, 1, 1), tensor.WithBacking([]float64{v, v, v})))
		}
		y, _, _, op, err := G.BatchNorm(G.Must(G.Reshape(in[0], tensor.Shape{rows, columns, 1, 1})), one("scale", 1), one("shift", 0), 0.9, epsilon)
		if err != nil {
			t.Fatal(err)
		}
		if err := op.SetTraining(training); err != nil {
			t.Fatal(err)
		}
		return G.Must(G.Reshape(y, tensor.Shape{rows, columns}))
	}
	entropy := func(in G.Nodes) *G.Node { return G.Must(ops.SoftmaxCrossEntropy(in[0], in[2])) }
	for name, c := range map[string]struct {
		operator string
		build    func(in G.Nodes) *G.Node
		want     func(i int) float64
	}{
		"softmax": {"stock.SoftmaxGrad", func(in G.Nodes) *G.Node { return G.Must(G.SoftMax(in[0], 1)) }, func(i int) float64 {
			return softmax(i, row(i)) * largest(row(i), func(j int) float64 { return dy[j] * softmax(j, row(j)) })
		}},
		"its logarithm, of columns": {"stock.SoftmaxGrad", func(in G.Nodes) *G.Node { return G.Must(G.LogSoftMax(in[0], 0)) }, func(i int) float64 {
			return softmax(i, column(i)) * largest(column(i), dyAt)
		}},
		"normalisation": {"stock.BatchNormGrad", func(in G.Nodes) *G.Node { return normalised(in, true) }, func(i int) float64 {
			a, b := x[column(i)[0]], x[column(i)[1]]
			mean, scale := (a+b)/2, 1/math.Sqrt((a-b)*(a-b)/4+epsilon)
			return largest(column(i), dyAt) * scale * (1 + (x[i]-mean)*scale)
		}},
		"normalisation by what was learned": {"stock.BatchNormGrad", func(in G.Nodes) *G.Node { return normalised(in, false) }, nil},
		"cross-entropy":                     {"ops.SoftmaxCrossEntropyOp", entropy, func(int) float64 { return (-1 + 2.) / rows }},
		"its gradient": {"ops.SoftmaxCrossEntropyGradOp", entropy, func(i int) float64 {
			return []float64{3, 2}[i/3] / rows * softmax(i, row(i))
		}},
		"tanh": {"stock.Unary", func(in G.Nodes) *G.Node { return G.Must(G.Tanh(in[0])) }, nil},
	} {
		g := G.NewGraph()
		var in G.Nodes
		for k, v := range [][]float64{x, dy, targets} {
			in = append(in, input(g, string(rune('a'+k)), tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(v))))
		}
		loss := c.build(in)
		if !loss.IsScalar() {
			loss = G.Must(G.Sum(G.Must(G.HadamardProd(loss, in[1]))))
		}
		if _, err := G.Grad(loss, in[0]); err != nil {
			t.Fatal(err)
		}
		off := within(t, g, c.operator)
		if (off == nil) != (c.want == nil) {
			t.Errorf("%s: %v", name, off)
		}
		for i := range off {
			close(t, name, off[i:i+1], c.want(i))
		}
	}
}

// within is what the first operator of a kind is off by, where its sums are off by all.
func within(t *testing.T, g *G.ExprGraph, operator string) []float64 {
	values, err := interpret.Values(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range g.AllNodes() {
		if n.Op() == nil || operator != fmt.Sprintf("%T", n.Op()) && operator != fmt.Sprintf("%T", stock.Decode(n.Op())) {
			continue
		}
		var args []G.Value
		for _, o := range interpret.Operands(n) {
			args = append(args, values[o])
		}
		return interpret.Within(n, args, func() float64 { return 1 }, 1)
	}
	t.Fatalf("no %s", operator)
	return nil
}
