package gradcheck

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
	"symgrad/models/interpret"
)

// subject is a loss with its gradients, as one graph.
type subject struct {
	names   []string
	params  G.Nodes
	loss    *G.Node
	grads   G.Nodes // nil for a parameter that has none
	forward interpret.Plan
	all     interpret.Plan
}

// subject builds the loss and differentiates it by all parameters but those of
// without.
func (o Options) subject(build Build, at []Tensor, dtype tensor.Dtype, without ...int) (s *subject, err error) {
	s = &subject{}
	g := G.NewGraph()
	for _, t := range at {
		n, err := t.node(g, dtype)
		if err != nil {
			return nil, err
		}
		s.names, s.params = append(s.names, t.Name), append(s.params, n)
	}
	if s.loss, err = guarded(func() (*G.Node, error) { return build(slices.Clone(s.params)) }); err != nil {
		return nil, fmt.Errorf("gradcheck: building the loss: %w", err)
	}
	if s.loss.Shape().TotalSize() != 1 {
		return nil, fmt.Errorf("gradcheck: the loss is no scalar, it has the shape %v", s.loss.Shape())
	}
	return s, s.differentiate(o.Grad, without)
}

func (s *subject) differentiate(grad func(cost *G.Node, wrt ...*G.Node) (G.Nodes, error), without []int) error {
	var by G.Nodes
	for i, n := range s.params {
		if !slices.Contains(without, i) {
			by = append(by, n)
		}
	}
	grads, err := guarded(func() (G.Nodes, error) {
		if len(by) == 0 {
			return nil, nil
		}
		return grad(s.loss, by...)
	})
	if err != nil {
		return &undifferentiable{err}
	}
	s.grads = make(G.Nodes, len(s.params))
	for i, n := range s.params {
		if k := slices.Index(by, n); k >= 0 {
			s.grads[i] = grads[k]
		}
	}
	s.plan()
	return nil
}

func (s *subject) plan() {
	inputs := map[*G.Node]G.Value{}
	for _, n := range s.params {
		inputs[n] = nil
	}
	s.forward = interpret.NewPlan(inputs, s.loss)
	s.all = interpret.NewPlan(inputs, some(append(G.Nodes{s.loss}, s.grads...))...) // the loss first: its values are there even if a gradient fails
}

// undifferentiable is Gorgonia's refusal.
type undifferentiable struct{ err error }

func (u *undifferentiable) Error() string { return "gradcheck: differentiating: " + u.err.Error() }
func (u *undifferentiable) Unwrap() error { return u.err }

// guarded turns a panic into an error.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

func (t Tensor) node(g *G.ExprGraph, dtype tensor.Dtype) (*G.Node, error) {
	if size := tensor.Shape(t.Shape).TotalSize(); size != len(t.Values) {
		return nil, fmt.Errorf("gradcheck: %s: %d values for shape %v", t.Name, len(t.Values), t.Shape)
	}
	v := interpret.Float(dtype, t.Shape, t.Values)
	if len(t.Shape) == 0 {
		return G.NewScalar(g, dtype, G.WithName(t.Name), G.WithValue(v)), nil
	}
	return G.NewTensor(g, dtype, len(t.Shape), G.WithShape(t.Shape...), G.WithName(t.Name), G.WithValue(v)), nil
}

// at gives values to the parameters' nodes.
func (s *subject) at(x [][]float64) map[*G.Node]G.Value {
	given := map[*G.Node]G.Value{}
	for i, n := range s.params {
		given[n] = interpret.Float(n.Dtype(), n.Shape(), x[i])
	}
	return given
}

// dependents marks the nodes of a plan that depend on some of the parameters.
func (s *subject) dependents(plan interpret.Plan, params ...*G.Node) map[*G.Node]bool {
	mark := map[*G.Node]bool{}
	for _, n := range params {
		mark[n] = true
	}
	for _, n := range plan.Nodes() {
		for _, c := range interpret.Operands(n) {
			mark[n] = mark[n] || mark[c]
		}
	}
	return mark
}

// lossOf is the loss as a function of one parameter's numbers, where all other
// nodes have these values; and what it evaluates.
func (s *subject) lossOf(p int, values map[*G.Node]G.Value) (interpret.Plan, func(x []float64) (float64, error)) {
	given, moving := map[*G.Node]G.Value{}, s.dependents(s.forward, s.params[p])
	for n, v := range values {
		if !moving[n] {
			given[n] = v
		}
	}
	n := s.params[p]
	given[n] = nil
	plan := interpret.NewPlan(given, s.loss)
	return plan, func(x []float64) (float64, error) {
		given[n] = interpret.Float(n.Dtype(), n.Shape(), x)
		out, err := plan.Values(given)
		if err != nil {
			return 0, fmt.Errorf("gradcheck: running the loss: %w", err)
		}
		return audit.Numbers(out[s.loss])[0], nil
	}
}
