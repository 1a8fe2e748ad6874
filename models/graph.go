package models

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Graph is what every expression graph of a network has, at one batch size.
// Inputs are bound to tensors: fill Input, and the further inputs that a
// [TrainingGraph], an [EvaluationGraph] or a [SaliencyGraph] has, and run a machine.
type Graph struct {
	Expr   *G.ExprGraph
	Batch  int
	Input  *G.Node // (B, shape of one example...)
	Output *G.Node // (B, N): logits, or what the last activation gives
	Params G.Nodes // in the order of Network.Params
	Layers G.Nodes // the output of each layer
}

// ForwardGraph predicts.
type ForwardGraph struct {
	Graph
	Answer *G.Node // (B, N): probabilities
}

// EvaluationGraph says how wrong the network is, without dropout.
type EvaluationGraph struct {
	Graph
	Target *G.Node // (B, N), an input
	Loss   *G.Node // scalar
}

// TrainingGraph is an [EvaluationGraph] with dropout and gradients.
type TrainingGraph struct {
	EvaluationGraph
	Masks []Mask  // dropout's, inputs
	Grads G.Nodes // dLoss/dParams, symbolic, in the order of Params
}

// Forward builds input -> output and answer, for prediction.
func (n *Network) Forward(batch int) (*ForwardGraph, error) {
	return build(n, batch, false, (*construction).forward)
}

// Evaluation builds input, target -> output and loss, without gradients and
// without dropout.
func (n *Network) Evaluation(batch int) (*EvaluationGraph, error) {
	return build(n, batch, false, (*construction).evaluation)
}

// Training builds input, target -> loss and its gradients with respect to every
// parameter, by one symbolic differentiation (gorgonia.Grad).
func (n *Network) Training(batch int) (*TrainingGraph, error) { return n.Shard(batch, 1) }

// Shard is [Network.Training] for a part of a larger batch, which has the given
// share of the batch's examples, 0 to 1: a mean loss and the penalty are weighted
// with it, so that the losses and gradients of all parts add up to those of the
// whole batch.
func (n *Network) Shard(batch int, share float64) (*TrainingGraph, error) {
	return build(n, batch, true, func(c *construction) (*TrainingGraph, error) { return c.training(share) })
}

// construction is a network on its way to being a graph.
type construction struct {
	net   *Network
	graph Graph
	train bool
	masks []Mask
	where string // for errors
}

// building serialises graph construction: Gorgonia counts groups of nodes in a
// global variable, so two graphs built at once are a data race.
var building sync.Mutex

// build adds the layers, and then what a purpose needs besides.
func build[T any](n *Network, batch int, train bool, finish func(*construction) (*T, error)) (g *T, err error) {
	building.Lock()
	defer building.Unlock()
	c := &construction{net: n, graph: Graph{Expr: G.NewGraph(), Batch: batch}, train: train, where: "graph"}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
		if err != nil {
			g, err = nil, fmt.Errorf("models: %s, batch of %d: %s: %w", n.Name, batch, c.where, err)
		}
	}()
	if batch < 1 {
		return nil, fmt.Errorf("want at least one example")
	}
	if err := c.layers(); err != nil {
		return nil, err
	}
	if g, err = finish(c); err != nil {
		return nil, err
	}
	return g, unique(c.graph.Expr)
}

func (c *construction) layers() (err error) {
	n, g := c.net, &c.graph
	g.Input = c.input("input", append([]int{g.Batch}, n.Input...)...)
	for _, p := range n.Params {
		g.Params = append(g.Params, p.node(g.Expr))
	}
	x := g.Input
	for i, l := range n.Layers {
		c.where = n.names[i]
		in := x.Shape()
		if x, err = l.Apply(&Builder{Training: c.train, Layer: c.where, c: c}, x, g.Params[n.first[i]:n.first[i+1]]); err != nil {
			return err
		}
		if want := append(tensor.Shape{g.Batch}, n.outputs[i]...); !want.Eq(x.Shape()) {
			return fmt.Errorf("input %v gives %v, want %v", in, x.Shape(), want)
		}
		g.Layers = append(g.Layers, x)
	}
	g.Output = x
	return nil
}

func (c *construction) forward() (*ForwardGraph, error) {
	c.where = "loss"
	answer, err := c.net.Loss.answer(c.graph.Output)
	return &ForwardGraph{Graph: c.graph, Answer: answer}, err
}

func (c *construction) evaluation() (*EvaluationGraph, error) { return c.loss(1) }

func (c *construction) loss(share float64) (*EvaluationGraph, error) {
	c.where = "loss"
	g := &EvaluationGraph{Graph: c.graph, Target: c.input("target", c.graph.Batch, c.net.Outputs())}
	var err error
	if g.Loss, err = c.net.Loss.Apply(g.Output, g.Target); err != nil {
		return nil, err
	}
	if share != 1 && c.net.Loss.Mean {
		if g.Loss, err = times(g.Loss, share); err != nil {
			return nil, err
		}
	}
	g.Loss, err = penalised(g.Loss, c.net.L2*share, c.net.Params, g.Params)
	return g, err
}

func (c *construction) training(share float64) (*TrainingGraph, error) {
	e, err := c.loss(share)
	if err != nil {
		return nil, err
	}
	c.where = "gradient"
	g := &TrainingGraph{EvaluationGraph: *e, Masks: c.masks}
	g.Grads, err = G.Grad(g.Loss, g.Params...)
	return g, err
}

// input adds an input bound to zeros.
func (c *construction) input(name string, shape ...int) *G.Node {
	t := tensor.New(tensor.Of(c.net.Dtype), tensor.WithShape(shape...))
	return G.NewTensor(c.graph.Expr, c.net.Dtype, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(t))
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
