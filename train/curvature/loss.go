package curvature

import (
	"errors"
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/repair"
	"symgrad/train/vm"
)

// Loss is a scalar of a graph with its gradient and its Hessian's products by
// parameters that are bound to tensors: those hold the point. It is not safe for
// concurrent use.
type Loss struct {
	loss                 *G.Node
	params, grads        G.Nodes
	directions, products G.Nodes
	first, second        *vm.Machine
	n                    int
}

// Compile differentiates loss twice by params, inputs that have values, row by row
// in memory, and compiles both derivatives; of the configuration it sets the results. Inputs
// besides params, such as a batch, stay as they are bound. The graph gets inputs
// named "direction of ..." in addition.
func Compile(loss *G.Node, params G.Nodes, cfg vm.Config) (*Loss, error) {
	l := &Loss{loss: loss, params: params}
	for i, p := range params {
		if p == nil || p.Op() != nil || p.Value() == nil {
			return nil, fmt.Errorf("curvature: %v is no input with a value", p)
		}
		if t, ok := p.Value().(*tensor.Dense); ok && (t.RequiresIterator() || !t.DataOrder().IsRowMajor()) {
			return nil, fmt.Errorf("curvature: %v is bound to a view of another tensor: its numbers must lie row by row", p)
		}
		if slices.Contains(params[:i], p) {
			return nil, fmt.Errorf("curvature: %v is given twice", p)
		}
		v, err := direction(p)
		if err != nil {
			return nil, err
		}
		l.directions = append(l.directions, v)
		l.n += p.Shape().TotalSize()
	}
	var err error
	if l.grads, err = repair.Grad(loss, params...); err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	along, err := inner(l.grads, l.directions)
	if err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	if l.products, err = repair.Grad(along, params...); err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	cfg.Results = append(G.Nodes{loss}, l.grads...)
	if l.first, err = vm.New(loss.Graph(), cfg); err != nil {
		return nil, fmt.Errorf("curvature: %w", err)
	}
	cfg.Results = l.products
	if l.second, err = vm.New(loss.Graph(), cfg); err != nil {
		return nil, errors.Join(fmt.Errorf("curvature: %w", err), l.first.Close())
	}
	return l, nil
}

// direction is an input like a parameter.
func direction(p *G.Node) (*G.Node, error) {
	if d := p.Dtype(); d != tensor.Float32 && d != tensor.Float64 {
		return nil, fmt.Errorf("curvature: %v is of %v: want float32 or float64", p, d)
	}
	name := G.WithName("direction of " + p.Name())
	if p.IsScalar() {
		return G.NewScalar(p.Graph(), p.Dtype(), name), nil
	}
	t := tensor.New(tensor.Of(p.Dtype()), tensor.WithShape(p.Shape()...))
	return G.NewTensor(p.Graph(), p.Dtype(), p.Dims(), G.WithShape(p.Shape()...), name, G.WithValue(t)), nil
}

// Close frees the machines.
func (l *Loss) Close() error { return errors.Join(l.first.Close(), l.second.Close()) }

// Len is the number of parameters.
func (l *Loss) Len() int { return l.n }

// Gradient gives the loss at the parameters' present values, and its gradient.
func (l *Loss) Gradient() (loss float64, gradient []float64, err error) {
	if err := l.first.RunAll(); err != nil {
		return 0, nil, err
	}
	return numbers(l.first.Value(l.loss))[0], gather(l.first, l.grads), nil
}

// HessianVector gives H v at the parameters' present values.
func (l *Loss) HessianVector(v []float64) ([]float64, error) {
	if err := l.fill(l.directions, v); err != nil {
		return nil, err
	}
	if err := l.second.RunAll(); err != nil {
		return nil, err
	}
	return gather(l.second, l.products), nil
}

// Point gives the parameters' present values.
func (l *Loss) Point() (point []float64) {
	for _, p := range l.params {
		point = append(point, numbers(p.Value())...)
	}
	return point
}

// Move sets the parameters, in their own memory: a network's weights, too.
func (l *Loss) Move(point []float64) error { return l.fill(l.params, point) }
