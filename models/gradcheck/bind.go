package gradcheck

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// bindAll makes a graph with one node a tensor, bound to copies of the values.
func bindAll(at []Tensor, dtype tensor.Dtype) (*G.ExprGraph, G.Nodes, error) {
	g := G.NewGraph()
	var nodes G.Nodes
	for _, t := range at {
		size := 1
		for _, d := range t.Shape {
			size *= d
		}
		if size != len(t.Values) {
			return nil, nil, fmt.Errorf("gradcheck: %s: %d values for shape %v", t.Name, len(t.Values), t.Shape)
		}
		var n *G.Node
		if len(t.Shape) == 0 {
			n = G.NewScalar(g, dtype, G.WithName(t.Name))
		} else {
			n = G.NewTensor(g, dtype, len(t.Shape), G.WithShape(t.Shape...), G.WithName(t.Name))
		}
		if err := set(n, t.Values); err != nil {
			return nil, nil, err
		}
		nodes = append(nodes, n)
	}
	return g, nodes, nil
}

// set binds a node to fresh values.
func set(n *G.Node, values []float64) error {
	single := n.Dtype() == tensor.Float32
	if n.IsScalar() {
		if single {
			return G.Let(n, float32(values[0]))
		}
		return G.Let(n, values[0])
	}
	backing := any(append([]float64(nil), values...))
	if single {
		rounded := make([]float32, len(values))
		for i, v := range values {
			rounded[i] = float32(v)
		}
		backing = rounded
	}
	return G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(backing)))
}

// numbers reads any float value.
func numbers(v G.Value) []float64 {
	if v == nil {
		return nil
	}
	switch x := v.Data().(type) {
	case float64:
		return []float64{x}
	case float32:
		return []float64{float64(x)}
	case []float64:
		return append([]float64(nil), x...)
	case []float32:
		out := make([]float64, len(x))
		for i, f := range x {
			out[i] = float64(f)
		}
		return out
	}
	return nil
}
