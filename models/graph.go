package models

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Graph is a network's expression graph at one batch size. Inputs are bound to
// tensors: fill Input (and Target, and the Masks) and run a machine.
type Graph struct {
	Expr   *G.ExprGraph
	Batch  int
	Input  *G.Node // (B, shape of one example...)
	Output *G.Node // (B, N): logits, or what the last activation gives
	Answer *G.Node // (B, N): probabilities; only in a graph of Forward or Saliency
	Target *G.Node // (B, N); not in a graph of Forward or Saliency
	Loss   *G.Node // scalar; not in a graph of Forward or Saliency
	Params G.Nodes // in the order of Network.Params
	Grads  G.Nodes // dLoss/dParams, symbolic; only in a graph of Training
	Masks  []Mask  // dropout's; only in a graph of Training
	Layers G.Nodes // the output of each layer
	Chosen *G.Node // (B, N): weights on the outputs; only in a graph of Saliency
	Slope  *G.Node // dScore/dInput in Input's shape, symbolic; only in a graph of Saliency

	net *Network
}

// building serialises graph construction: Gorgonia counts groups of nodes in a
// global variable, so two graphs built at once are a data race.
var building sync.Mutex

// Forward builds input -> output and answer, for prediction.
func (n *Network) Forward(batch int) (*Graph, error) { return n.build(batch, forward) }

// Evaluation builds input, target -> output and loss, without gradients and
// without dropout.
func (n *Network) Evaluation(batch int) (*Graph, error) { return n.build(batch, evaluation) }

// Training builds input, target -> loss and its gradients with respect to every
// parameter, by one symbolic differentiation (gorgonia.Grad).
func (n *Network) Training(batch int) (*Graph, error) { return n.build(batch, training) }

type purpose int

const (
	forward purpose = iota
	evaluation
	training
	saliency
)

func (n *Network) build(batch int, why purpose) (g *Graph, err error) {
	building.Lock()
	defer building.Unlock()
	where := "graph"
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
		if err != nil {
			g, err = nil, fmt.Errorf("models: %s, batch of %d: %s: %w", n.Name, batch, where, err)
		}
	}()
	if batch < 1 {
		return nil, fmt.Errorf("want at least one example")
	}
	g = &Graph{Expr: G.NewGraph(), Batch: batch, net: n}
	g.Input = g.input("input", append([]int{batch}, n.Input...)...)
	for _, p := range n.Params {
		g.Params = append(g.Params, p.node(g.Expr))
	}
	x := g.Input
	for i, l := range n.Layers {
		where = n.names[i]
		b := &Builder{Training: why == training, Layer: where, graph: g}
		in := x.Shape()
		if x, err = l.Apply(b, x, g.Params[n.first[i]:n.first[i+1]]); err != nil {
			return nil, err
		}
		if want := append(tensor.Shape{batch}, n.outputs[i]...); !want.Eq(x.Shape()) {
			return nil, fmt.Errorf("input %v gives %v, want %v", in, x.Shape(), want)
		}
		g.Layers = append(g.Layers, x)
	}
	g.Output = x
	where = "loss"
	if why == forward || why == saliency {
		if g.Answer, err = n.Loss.answer(x); err != nil {
			return nil, err
		}
		if why == saliency {
			where = "saliency"
			if err = g.differentiateOutput(); err != nil {
				return nil, err
			}
		}
		return g, unique(g.Expr)
	}
	g.Target = g.input("target", batch, n.Outputs())
	if g.Loss, err = n.Loss.Apply(x, g.Target); err != nil {
		return nil, err
	}
	if g.Loss, err = penalised(g.Loss, n.L2, n.Params, g.Params); err != nil {
		return nil, err
	}
	if why == training {
		where = "gradient"
		if g.Grads, err = G.Grad(g.Loss, g.Params...); err != nil {
			return nil, err
		}
	}
	return g, unique(g.Expr)
}

// input adds an input bound to zeros.
func (g *Graph) input(name string, shape ...int) *G.Node {
	t := tensor.New(tensor.Of(g.net.Dtype), tensor.WithShape(shape...))
	return G.NewTensor(g.Expr, g.net.Dtype, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(t))
}

// unique checks that no two nodes of a graph have one hash code: Gorgonia takes
// such nodes for equal and would compute only one of them.
func unique(g *G.ExprGraph) error {
	seen := map[uint32]*G.Node{}
	for _, n := range g.AllNodes() {
		if other, ok := seen[n.Hashcode()]; ok && other != n {
			return fmt.Errorf("nodes %v and %v share a hash code; rename an input", other, n)
		}
		seen[n.Hashcode()] = n
	}
	return nil
}
