package vm_test

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train"
)

// Graphs in which memory could be overwritten too early, or not at all.
func TestHazards(t *testing.T) {
	must := G.Must
	x, y, z := normal(1, 6, 5), normal(2, 6, 5), normal(3, 6, 5)
	table := map[string]expression{
		"result and operand": {params: []array{x}, build: func(p G.Nodes) (G.Nodes, error) {
			a := must(G.Tanh(p[0]))
			b := must(G.Square(a))
			return G.Nodes{must(G.Exp(b)), b, a}, nil
		}},
		"result asked for twice": {params: []array{x}, build: func(p G.Nodes) (G.Nodes, error) {
			a := must(G.Tanh(p[0]))
			return G.Nodes{a, a}, nil
		}},
		"operand is a result": {params: []array{x, y}, build: func(p G.Nodes) (G.Nodes, error) {
			a := must(G.HadamardProd(p[0], p[1]))
			return G.Nodes{must(G.Add(a, p[0])), a, p[0], p[1]}, nil
		}},
		"gradient is the other operand": of2(func(a, b *G.Node) (*G.Node, error) { return G.Sum(must(G.HadamardProd(a, b))) }, x, y),
		"gradient is one":               of(func(a *G.Node) (*G.Node, error) { return G.Sum(a) }, x),
		"one gradient for two":          of2(G.Add, x, y),
		"sum of a sum":                  of(func(a *G.Node) (*G.Node, error) { return G.Sum(must(G.Sum(a, 0))) }, x),
		"times one":                     of(func(a *G.Node) (*G.Node, error) { return G.HadamardProd(a, constantLike(a, 1)) }, x),
		"fan-out of 4": one(func(p G.Nodes) (*G.Node, error) {
			a := must(G.Tanh(p[0]))
			b, c, d := must(G.Square(a)), must(G.Sin(a)), must(G.HadamardProd(a, p[1]))
			return G.Add(must(G.Sub(b, must(G.HadamardProd(c, a)))), d)
		}, x, y),
		"many lives": one(func(p G.Nodes) (*G.Node, error) {
			keep := G.Nodes{p[0]}
			for i := range 12 {
				n := must(G.Tanh(must(G.Add(keep[i], p[1+i%2]))))
				if i%3 == 2 {
					n = must(G.Mul(n, must(G.Mul(must(G.Transpose(keep[i/2], 1, 0)), n))))
					n = must(G.Sigmoid(n))
				}
				keep = append(keep, n)
			}
			return G.ReduceAdd(keep)
		}, x, y, z),
		"groups of two sizes": one(func(p G.Nodes) (*G.Node, error) {
			row := must(G.Tanh(must(G.Sum(must(G.Sin(p[0])), 0))))
			col := must(G.Square(must(G.Sum(must(G.Cos(p[0])), 1))))
			a := must(G.BroadcastHadamardProd(must(G.Exp(must(G.Neg(must(G.Square(p[0])))))), row, nil, []byte{0}))
			return G.HadamardProd(must(G.Sum(a)), must(G.Sum(col)))
		}, x),
		"scalar and matrix": one(func(p G.Nodes) (*G.Node, error) {
			total := must(G.Mean(must(G.Square(p[0]))))
			return G.Sub(must(G.HadamardProd(p[1], total)), must(G.HadamardDiv(p[0], must(G.Add(total, constantLike(total, 1))))))
		}, x, y),
		// At -0 and NaN the two machines differ: see the package's documentation.
		"rectified zero":    of(G.Rectify, array{[]int{3}, []float64{0, 1, -1}}),
		"saturated sigmoid": of(G.Sigmoid, array{[]int{5}, []float64{-800, -30, 0, 30, 800}}),
		"slope used elsewhere": of(func(a *G.Node) (*G.Node, error) {
			s := must(G.Sigmoid(a))
			return G.HadamardProd(s, must(G.Sigmoid(must(G.Neg(a)))))
		}, x),
		"logarithm of sigmoid": of(func(a *G.Node) (*G.Node, error) { return G.Sum(must(G.Log(must(G.Sigmoid(a))))) }, x),
		"infinite":             of(G.Exp, array{[]int{3}, []float64{1, 1000, math.Inf(1)}}),
		"not a number":         of(G.Tanh, array{[]int{3}, []float64{1, math.NaN(), -1}}),
	}
	expressions(t, table)
}

// A constant tensor that is a result must survive what its reader does to it.
func TestConstantTensors(t *testing.T) {
	for dtype, tolerance := range both {
		check(t, dtype.String(), func() (*sample, error) {
			x, err := normal(1, 2, 3).node(G.NewGraph(), dtype, "x")
			if err != nil {
				return nil, err
			}
			c, err := valueOf(dtype, []float64{1, 2, 3, 4, 5, 6}, []int{2, 3})
			if err != nil {
				return nil, err
			}
			constant := G.NewConstant(c, G.WithName("c"))
			cost := G.Must(G.Sum(G.Must(G.HadamardProd(x, constant))))
			grads, err := G.Grad(cost, x)
			return &sample{expr: x.Graph(), inputs: G.Nodes{x}, results: G.Nodes{cost, grads[0]}}, err
		}, tolerance)
	}
}

// Each gradient is one that gorgonia.Grad gives, and node.Grad reads it.
func TestGradOfTheNode(t *testing.T) {
	e := of2(G.Mul, normal(1, 2, 3), normal(2, 3, 2))
	s, err := start(func() (*sample, error) { return e.sample(tensor.Float64) }, train.OwnVM(1))
	if err != nil {
		t.Fatal(err)
	}
	defer s.machine.Close()
	for range 2 {
		if err := s.machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		for i, p := range s.inputs[:2] {
			g, err := p.Grad()
			want := numbers(s.machine.Value(s.results[2+i]))
			if err != nil || fmt.Sprint(numbers(g)) != fmt.Sprint(want) || len(want) != 6 {
				t.Errorf("%v: %v %v, want %v", p, g, err, want)
			}
		}
	}
}
