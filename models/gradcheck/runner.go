package gradcheck

import (
	"fmt"
	"math/rand/v2"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/models/gradcheck/audit"
)

// runner runs a network's loss, and gradients, on a machine.
type runner struct {
	net     *models.Network
	loss    *G.Node
	grads   G.Nodes
	params  G.Nodes
	masks   [][]float64
	machine Runner
}

func newRunner(net *models.Network, x, target []float64, batch int, machine Machine, gradients bool) (*runner, error) {
	r := &runner{net: net}
	g, err := net.Training(batch)
	if err != nil {
		return nil, err
	}
	evaluation := &g.EvaluationGraph
	if r.grads = g.Grads; !gradients {
		if r.grads = nil; len(g.Masks) == 0 {
			if evaluation, err = net.Evaluation(batch); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range g.Masks {
		values := mask(m)
		r.masks = append(r.masks, values)
		if err := G.Let(m.Node, bindable(m.Node, values)); err != nil {
			return nil, fmt.Errorf("gradcheck: %w", err)
		}
	}
	for n, values := range map[*G.Node][]float64{evaluation.Input: x, evaluation.Target: target} {
		if want := n.Shape().TotalSize(); len(values) != want {
			return nil, fmt.Errorf("gradcheck: %v has %d numbers, want %d", n, len(values), want)
		}
		if err := G.Let(n, bindable(n, values)); err != nil {
			return nil, fmt.Errorf("gradcheck: %w", err)
		}
	}
	r.loss, r.params = evaluation.Loss, evaluation.Params
	r.machine, err = machine(evaluation.Expr, append(G.Nodes{r.loss}, r.grads...)...)
	return r, err
}

// run gives the loss and the gradients, if there are any.
func (r *runner) run() (loss float64, grads [][]float64, err error) {
	if err := r.machine.RunAll(); err != nil {
		return 0, nil, fmt.Errorf("gradcheck: running the graph: %w", err)
	}
	v := audit.Numbers(r.machine.Value(r.loss))
	if len(v) != 1 {
		return 0, nil, fmt.Errorf("gradcheck: the machine gives no loss")
	}
	for i, n := range r.grads {
		g := audit.Numbers(r.machine.Value(n))
		if len(g) != r.net.Params[i].Len() {
			return 0, nil, fmt.Errorf("gradcheck: the machine gives %d numbers as the gradient of %s, want %d", len(g), r.net.Params[i].Name, r.net.Params[i].Len())
		}
		grads = append(grads, g)
	}
	return v[0], grads, nil
}

// mask draws the numbers of a dropout mask.
func mask(m models.Mask) []float64 {
	r := rand.New(rand.NewPCG(2, 2))
	values := make([]float64, m.Node.Shape().TotalSize())
	for i := range values {
		if r.Float64() >= m.Drop {
			values[i] = 1 / (1 - m.Drop)
		}
	}
	return values
}
