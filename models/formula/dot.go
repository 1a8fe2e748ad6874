package formula

import (
	"fmt"
	"io"
	"slices"
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
)

// Colours of a drawing.
const (
	inputColour     = "#e5e7eb" // inputs and targets: grey
	weightColour    = "#bbf7d0" // weights and biases: green
	forwardColour   = "#dbeafe" // the network and its loss: blue
	gradientColour  = "#fed7aa" // what symbolic differentiation added: orange
	derivedColour   = "#fb923c" // the gradients themselves
	constantsColour = "#ffffff"
)

// WriteDot draws a network's training graph in graphviz' language: operands
// above operators, the gradient part in orange, each node with its shape for
// batches of the given size. `dot -Tsvg` makes a picture of it.
func WriteDot(w io.Writer, net *models.Network, batch int) error {
	g, err := net.Training(batch)
	if err != nil {
		return err
	}
	r := newReader(g.Expr, append(G.Nodes{g.Loss}, g.Grads...))
	d := drawing{reader: r, forward: r.reach(g.Loss), colours: map[*G.Node]string{}, labels: map[*G.Node]string{}}
	d.colours[g.Input], d.colours[g.Target] = inputColour, inputColour
	for i, n := range g.Params {
		d.colours[n], d.colours[g.Grads[i]] = weightColour, derivedColour
		d.labels[g.Grads[i]] = "gradient of " + n.Name()
	}
	d.labels[g.Loss] = "loss"
	_, err = io.WriteString(w, d.dot(net.Name, append(G.Nodes{g.Loss}, g.Grads...)))
	return err
}

type drawing struct {
	*reader
	forward map[*G.Node]bool
	colours map[*G.Node]string
	labels  map[*G.Node]string // above what the node is
}

func (d *drawing) dot(title string, roots G.Nodes) string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %q {\n", title)
	b.WriteString("  rankdir=TB; ranksep=0.35; nodesep=0.25; bgcolor=\"white\";\n")
	b.WriteString("  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11, penwidth=0.6];\n")
	b.WriteString("  edge [color=\"#6b7280\", arrowsize=0.6, penwidth=0.8];\n")
	number := map[*G.Node]int{}
	for _, n := range d.order(roots) {
		number[n] = len(number)
		fmt.Fprintf(&b, "  n%d [label=\"%s\", fillcolor=%q];\n", number[n], escape(d.label(n)), d.colour(n))
		for _, c := range d.operands(n) {
			fmt.Fprintf(&b, "  n%d -> n%d;\n", number[c], number[n])
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// order lists the nodes that roots depend on, operands first.
func (d *drawing) order(roots G.Nodes) (list G.Nodes) {
	seen := map[*G.Node]bool{}
	var visit func(n *G.Node)
	visit = func(n *G.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, c := range d.operands(n) {
			visit(c)
		}
		list = append(list, n)
	}
	for _, n := range roots {
		visit(n)
	}
	return list
}

// operands are a node's children without the sizes that Repeat asks for.
func (d *drawing) operands(n *G.Node) G.Nodes {
	return slices.DeleteFunc(d.children(n), func(c *G.Node) bool {
		return c.Op() != nil && strings.HasPrefix(c.Op().String(), "SizeOf")
	})
}

func (d *drawing) colour(n *G.Node) string {
	switch colour, ok := d.colours[n]; {
	case ok:
		return colour
	case n.Op() != nil && len(d.children(n)) == 0:
		return constantsColour
	case d.forward[n]:
		return forwardColour
	}
	return gradientColour
}

func (d *drawing) label(n *G.Node) string {
	lines := []string{n.Name()}
	if n.Op() != nil {
		lines[0] = operation(n.Op().String())
		if len(d.children(n)) == 0 {
			lines[0] = n.Name()
			if t := d.term(n); t.kind == number {
				lines[0] = fmt.Sprint(t.coef)
			}
		}
	}
	if label, ok := d.labels[n]; ok {
		lines = append([]string{label}, lines...)
	}
	if shape := n.Shape(); !shape.IsScalar() {
		lines = append(lines, strings.ReplaceAll(strings.Trim(fmt.Sprint([]int(shape)), "[]"), " ", " x "))
	}
	return strings.Join(lines, "\n")
}

// operation shortens what Gorgonia's operators print.
func operation(text string) string {
	for _, flag := range []string{" true", " false"} {
		text = strings.TrimSuffix(text, flag)
	}
	text, _, _ = strings.Cut(text, "{")
	text, _, _ = strings.Cut(text, "(")
	return text
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
