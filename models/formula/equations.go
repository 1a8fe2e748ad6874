package formula

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
)

// Equation is one line of mathematics in LaTeX.
type Equation struct{ Left, Right string }

// Equations are the lines of a network: each layer's output, the loss, and the
// gradient of every parameter from the last to the first.
type Equations []Equation

// LaTeX sets the lines below each other, aligned at the equals signs; it needs
// an environment for mathematics around it ($$ in a notebook or in Markdown).
func (e Equations) LaTeX() string {
	var b strings.Builder
	b.WriteString("\\begin{aligned}\n")
	for _, q := range e {
		fmt.Fprintf(&b, "%s &= %s \\\\\n", q.Left, q.Right)
	}
	b.WriteString("\\end{aligned}")
	return b.String()
}

// Node writes what a node of any Gorgonia graph computes; nodes that have an
// entry in names are written as that.
func Node(n *G.Node, names map[*G.Node]string) string {
	r := newReader(n.Graph(), G.Nodes{n})
	for k, v := range names {
		r.names[k] = v
	}
	return r.contents(n).latex()
}

// Network writes a network's training graph. Z is what a layer with weights
// gives, A an activation, P pooling; Delta_k is the loss's gradient with respect
// to Z_k, where more than one line needs it.
func Network(net *models.Network) (Equations, error) {
	g, err := net.Training(2) // a batch that is not one example, so that no sum vanishes
	if err != nil {
		return nil, err
	}
	r := newReader(g.Expr, append(G.Nodes{g.Loss}, g.Grads...))
	forward := r.reach(g.Loss)
	var lines Equations
	r.nameLayers(net, g)
	for _, n := range g.Layers {
		lines = append(lines, Equation{r.names[n], r.contents(n).latex()})
	}
	lines = append(lines, Equation{"L", r.term(g.Loss).latex()})
	for _, root := range g.Grads {
		for n := range r.reach(root) {
			r.gradient[n] = !forward[n]
		}
	}
	b := backward{reader: r, uses: r.uses(g.Grads, r.gradient)}
	b.nameDeltas(g)
	for i := len(g.Params) - 1; i >= 0; i-- {
		b.define(g.Grads[i])
		left := `\frac{\partial L}{\partial ` + r.term(g.Params[i]).latex() + `}`
		b.lines = append(b.lines, Equation{left, r.term(g.Grads[i]).latex()})
	}
	return append(lines, b.lines...), nil
}

// nameLayers gives every layer's output a letter and a number.
func (r *reader) nameLayers(net *models.Network, g *models.TrainingGraph) {
	count := map[string]int{}
	for i, n := range g.Layers {
		letter := "A"
		switch l := net.Layers[i].(type) {
		case models.Activation, models.Dropout:
		case models.Flatten:
			letter = "F"
		case models.MaxPool, models.MeanPool:
			letter = "P"
		default:
			if len(l.Weights(net.LayerInput(i))) > 0 {
				letter = "Z"
			}
		}
		count[letter]++
		r.names[n] = fmt.Sprintf("%s_{%d}", letter, count[letter])
	}
}

// reach is what a node depends on, itself included.
func (r *reader) reach(root *G.Node) map[*G.Node]bool {
	seen := map[*G.Node]bool{}
	var visit func(n *G.Node)
	visit = func(n *G.Node) {
		if !seen[n] {
			seen[n] = true
			for _, c := range r.children(n) {
				visit(c)
			}
		}
	}
	visit(root)
	return seen
}

// uses counts how often nodes of a part of the graph are operands there, or
// results.
func (r *reader) uses(roots G.Nodes, part map[*G.Node]bool) map[*G.Node]int {
	count := map[*G.Node]int{}
	for n, in := range part {
		if in {
			for _, c := range r.children(n) {
				count[c]++
			}
		}
	}
	for _, n := range roots {
		count[n]++
	}
	return count
}

// backward writes the gradients: shared parts once, before their first use.
type backward struct {
	*reader
	uses    map[*G.Node]int
	deltas  map[*G.Node]string
	defined map[*G.Node]bool
	lines   Equations
}

// nameDeltas finds the gradient of each layer's output: the last operand of its
// weights' gradient.
func (b *backward) nameDeltas(g *models.TrainingGraph) {
	b.deltas, b.defined = map[*G.Node]string{}, map[*G.Node]bool{}
	layer := 0
	for i, n := range g.Grads {
		if !strings.HasSuffix(g.Params[i].Name(), ".weight") {
			continue
		}
		layer++
		if args := b.children(n); len(args) > 0 {
			b.deltas[args[len(args)-1]] = fmt.Sprintf(`\Delta_{%d}`, layer)
		}
	}
}

// define writes the shared parts that a gradient needs, deepest first, and names
// them.
func (b *backward) define(n *G.Node) {
	if b.defined[n] || !b.gradient[n] {
		return
	}
	b.defined[n] = true
	for _, c := range b.children(n) {
		b.define(c)
	}
	if b.uses[n] < 2 || n.Shape().IsScalar() {
		return
	}
	t := b.contents(n)
	if t.kind == number || t.kind == symbol {
		return
	}
	name, ok := b.deltas[n]
	if !ok {
		name = fmt.Sprintf("G_{%d}", len(b.lines)+1)
	}
	b.lines = append(b.lines, Equation{name, t.latex()})
	b.names[n] = name
}
