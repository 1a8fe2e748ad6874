package vm_test

import (
	"fmt"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train"
)

// expression is a graph of stock operators over some parameters. What build
// gives is read; the first of it, if it is no scalar made one by a weighted sum,
// is also differentiated with respect to every parameter.
type expression struct {
	params []array
	build  func(p G.Nodes) (G.Nodes, error)
	flat   bool // has no gradients: do not ask for them
}

// one is an expression of one node.
func one(build func(p G.Nodes) (*G.Node, error), params ...array) expression {
	return expression{params: params, build: func(p G.Nodes) (G.Nodes, error) {
		n, err := build(p)
		return G.Nodes{n}, err
	}}
}

// of is an expression of one operator's one operand.
func of(op func(*G.Node) (*G.Node, error), x array) expression {
	return one(func(p G.Nodes) (*G.Node, error) { return op(p[0]) }, x)
}

// of2 is an expression of one operator's two operands.
func of2(op func(x, y *G.Node) (*G.Node, error), x, y array) expression {
	return one(func(p G.Nodes) (*G.Node, error) { return op(p[0], p[1]) }, x, y)
}

// sample builds the graph.
func (e expression) sample(dtype tensor.Dtype) (s *sample, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("building: %v", r)
		}
	}()
	s = &sample{expr: G.NewGraph()}
	for i, p := range e.params {
		n, err := p.node(s.expr, dtype, fmt.Sprint("p", i))
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, n)
	}
	params := s.inputs
	if s.results, err = e.build(params); err != nil || e.flat {
		return s, err
	}
	loss := s.results[0]
	if shape := loss.Shape(); !loss.IsScalar() {
		weights, err := normal(99, shape...).node(s.expr, dtype, "weights")
		if err != nil {
			return nil, err
		}
		s.inputs = append(s.inputs, weights)
		weighted, err := G.HadamardProd(loss, weights)
		if err != nil {
			return nil, err
		}
		if loss, err = G.Sum(weighted); err != nil {
			return nil, err
		}
		s.results = append(s.results, loss)
	}
	grads, err := G.Grad(loss, params...)
	s.results = append(s.results, grads...)
	return s, err
}

// expressions checks both machines against each other on a table, in both float
// types.
func expressions(t *testing.T, table map[string]expression) {
	for name, e := range table {
		t.Run(name, func(t *testing.T) {
			for dtype, tolerance := range both {
				check(t, dtype.String(), func() (*sample, error) { return e.sample(dtype) }, tolerance)
			}
		})
	}
}

// results runs an expression on this package's machine alone.
func results(t *testing.T, dtype tensor.Dtype, e expression) [][]float64 {
	t.Helper()
	s, err := start(func() (*sample, error) { return e.sample(dtype) }, train.OwnVM(2))
	if err != nil {
		t.Fatal(err)
	}
	defer s.machine.Close()
	if err := s.machine.RunAll(); err != nil {
		t.Fatal(err)
	}
	var all [][]float64
	for _, n := range s.results {
		all = append(all, numbers(s.machine.Value(n)))
	}
	return all
}
