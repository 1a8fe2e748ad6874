// Package randgraph makes expression graphs out of bytes, for tests of whatever
// runs or differentiates graphs: the same bytes give the same graph, so that one
// generator serves seeded tests and fuzzing.
package randgraph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/repair"
)

// Graph is a random expression graph with its inputs bound.
type Graph struct {
	Expr   *G.ExprGraph
	Inputs G.Nodes // bound to tensors of any order of memory
	Loss   *G.Node // scalar; nil where the graph was not differentiated
	Steps  []string
}

// Options choose what may occur.
type Options struct {
	Dtype   tensor.Dtype
	Special bool // NaN, infinities, -0 and denormals among the inputs
}

// New builds a graph from bytes: inputs and operators on what is there, or the
// layers of a network and some operators on them, then, for most, a loss and its
// gradients.
func New(data []byte, opt Options) *Graph {
	b := &builder{source: &source{data: data}, opt: opt, graph: &Graph{Expr: G.NewGraph()}}
	operators := 12
	if b.pick(4) == 0 {
		b.network()
		operators = 4
	} else {
		for range 2 + b.pick(3) {
			b.input(b.shape())
		}
	}
	for range 1 + b.pick(operators) {
		b.operator()
	}
	if b.pick(4) > 0 {
		b.differentiate()
	}
	return b.graph
}

// Exchange binds new values to the inputs, in other orders of memory.
func (g *Graph) Exchange(data []byte, opt Options) error {
	b := &builder{source: &source{data: data}, opt: opt}
	for _, in := range g.Inputs {
		if err := G.Let(in, b.value(in.Shape())); err != nil {
			return err
		}
	}
	return nil
}

// String lists how the graph was built, a line a step.
func (g *Graph) String() string {
	text := ""
	for _, s := range g.Steps {
		text += s + "\n"
	}
	return text
}

// source gives bytes, zeros when there are none left.
type source struct {
	data []byte
	at   int
}

func (s *source) byte() byte {
	if s.at >= len(s.data) {
		return 0
	}
	s.at++
	return s.data[s.at-1]
}

// pick chooses one of n.
func (s *source) pick(n int) int { return int(s.byte()) % n }

type builder struct {
	*source
	opt   Options
	graph *Graph
	pool  G.Nodes
}

// shape is of one to four axes, most of them short.
func (b *builder) shape() tensor.Shape {
	axes := []int{2, 2, 2, 1, 3, 4}[b.pick(6)]
	shape := make(tensor.Shape, axes)
	for i := range shape {
		shape[i] = []int{3, 2, 4, 1, 5, 17}[b.pick(6)]
		if axes > 2 {
			shape[i] = min(shape[i], 4)
		}
	}
	return shape
}

func (b *builder) input(shape tensor.Shape) *G.Node {
	name := fmt.Sprint("in", len(b.graph.Inputs))
	n := G.NewTensor(b.graph.Expr, b.opt.Dtype, len(shape), G.WithShape(shape...), G.WithName(name))
	v := b.value(shape)
	if err := G.Let(n, v); err != nil {
		panic(err)
	}
	b.graph.Inputs = append(b.graph.Inputs, n)
	b.pool = append(b.pool, n)
	b.note("%s = input%v, strides %v", name, shape, v.Strides())
	return n
}

func (b *builder) note(format string, args ...any) {
	b.graph.Steps = append(b.graph.Steps, fmt.Sprintf(format, args...))
}

// any gives a node that there is already, the later ones more often.
func (b *builder) any() *G.Node {
	if b.pick(3) > 0 {
		return b.pool[len(b.pool)-1-b.pick(min(3, len(b.pool)))]
	}
	return b.pool[b.pick(len(b.pool))]
}

// operator adds one operator, where it fits; what Gorgonia refuses to build is
// not in the graph.
func (b *builder) operator() {
	x := b.any()
	y, err := b.apply(x)
	if err != nil || y == nil {
		return
	}
	b.pool = append(b.pool, y)
	b.note("%%%d = %v %v", len(b.pool)-1, y, y.Shape())
}

// differentiate makes a loss of a node and takes its gradients by the inputs
// that it depends on.
func (b *builder) differentiate() {
	defer func() { // Gorgonia panics where an operator has no gradient
		if recover() != nil {
			b.graph.Loss = nil
		}
	}()
	y := b.any()
	if y.Op() == nil {
		return
	}
	loss := y
	if !y.IsScalar() {
		var err error
		if loss, err = G.Mean(G.Must(G.Square(y))); err != nil {
			return
		}
	}
	var by G.Nodes
	below := b.graph.Expr.ExactSubgraphRoots(loss)
	for _, in := range b.graph.Inputs {
		if below.Has(in.ID()) {
			by = append(by, in)
		}
	}
	grads, err := G.Grad(loss, by...)
	if err != nil {
		return
	}
	b.graph.Loss = loss
	b.note("loss = mean square of %v, by %v", y, by)
	if b.pick(4) == 3 {
		b.again(grads, by)
	}
}

// again differentiates the gradients' length: second derivatives of everything,
// which hang on each other.
func (b *builder) again(grads, by G.Nodes) {
	var terms G.Nodes
	for _, g := range grads {
		square := G.Must(G.Square(g))
		if !square.IsScalar() {
			square = G.Must(G.Sum(G.Must(G.Reshape(square, tensor.Shape{square.Shape().TotalSize()}))))
		}
		terms = append(terms, square)
	}
	if _, err := repair.Grad(G.Must(G.ReduceAdd(terms)), by...); err == nil {
		b.note("the gradients' squares, by the same")
	}
}
