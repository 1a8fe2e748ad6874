package curvature

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/train/vm"
)

// inner is the node sum <a, b> over tensors of one shape each.
func inner(a, b G.Nodes) (sum *G.Node, err error) {
	for i := range a {
		term, err := G.HadamardProd(a[i], b[i])
		if err != nil {
			return nil, err
		}
		if !term.IsScalar() {
			// as one row: Gorgonia sums some axes of four wrongly
			if term, err = G.Reshape(term, tensor.Shape{term.Shape().TotalSize()}); err != nil {
				return nil, err
			}
			if term, err = G.Sum(term); err != nil {
				return nil, err
			}
		}
		if sum == nil {
			sum = term
		} else if sum, err = G.Add(sum, term); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// fill writes a vector to nodes' values, in their own memory.
func (l *Loss) fill(nodes G.Nodes, v []float64) error {
	if len(v) != l.n {
		return fmt.Errorf("curvature: a vector of %d numbers, want %d", len(v), l.n)
	}
	for _, n := range nodes {
		size := n.Shape().TotalSize()
		if err := write(n, v[:size]); err != nil {
			return err
		}
		v = v[size:]
	}
	return nil
}

func write(n *G.Node, v []float64) error {
	if n.IsScalar() {
		if n.Dtype() == tensor.Float32 {
			return G.Let(n, float32(v[0]))
		}
		return G.Let(n, v[0])
	}
	switch data := n.Value().Data().(type) {
	case []float64:
		copy(data, v)
	case []float32:
		for i, x := range v {
			data[i] = float32(x)
		}
	default:
		return fmt.Errorf("curvature: %v holds %T", n, data)
	}
	return nil
}

func gather(m *vm.Machine, nodes G.Nodes) (v []float64) {
	for _, n := range nodes {
		v = append(v, numbers(m.Value(n))...)
	}
	return v
}

// numbers copies a value's.
func numbers(v G.Value) (out []float64) {
	switch data := v.Data().(type) {
	case float64:
		return []float64{data}
	case float32:
		return []float64{float64(data)}
	case []float64:
		return append(out, data...)
	case []float32:
		for _, x := range data {
			out = append(out, float64(x))
		}
	}
	return out
}
