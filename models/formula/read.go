package formula

import (
	"strings"

	G "gorgonia.org/gorgonia"

	"symgrad/models/ops"
	"symgrad/models/stock"
)

// reader turns the nodes of one graph into terms.
type reader struct {
	graph    *G.ExprGraph
	names    map[*G.Node]string // nodes that are written as a symbol
	gradient map[*G.Node]bool   // where the factor that comes from behind is written first
	terms    map[*G.Node]*term
}

func newReader(g *G.ExprGraph, roots G.Nodes) *reader {
	return &reader{graph: g.ExactSubgraphRoots(roots...), names: map[*G.Node]string{}, gradient: map[*G.Node]bool{}, terms: map[*G.Node]*term{}}
}

// children are the operands, in order.
func (r *reader) children(n *G.Node) (args G.Nodes) {
	for it := r.graph.From(n.ID()); it.Next(); {
		args = append(args, it.Node().(*G.Node))
	}
	return args
}

func (r *reader) term(n *G.Node) *term {
	if name, ok := r.names[n]; ok {
		return named(name, n.Shape().IsScalar())
	}
	return r.contents(n)
}

// contents is the term behind a node's own name.
func (r *reader) contents(n *G.Node) *term {
	t, ok := r.terms[n]
	if !ok {
		t = r.read(n)
		r.terms[n] = t
	}
	return t
}

func (r *reader) read(n *G.Node) *term {
	op, scalar := n.Op(), n.Shape().IsScalar()
	if op == nil {
		return named(leafName(n.Name()), scalar)
	}
	nodes := r.children(n)
	if len(nodes) == 0 {
		return readConstant(n, op)
	}
	var args []*term
	for _, c := range nodes {
		args = append(args, r.term(c))
	}
	if t := readOwn(op, args); t != nil {
		return t
	}
	switch o := stock.Decode(op).(type) {
	case stock.Binary:
		if o.Name == "⊙" && r.gradient[n] {
			args[0], args[1] = args[1], args[0]
		}
		if t := readBinary(o.Name, args[0], args[1]); t != nil {
			return t
		}
	case stock.Unary:
		if y := r.mirrored(n, nodes[0], o.Name); y != nil {
			return minus(constant(1), r.term(y))
		}
		return readUnary(o.Name, args[0])
	case stock.MatMul:
		return readMatrix(args, o.TransA, o.TransB)
	case stock.MatVec:
		return readMatrix(args, o.TransA, false)
	case stock.BatchMul:
		return readMatrix(args, o.TransA, o.TransB)
	case stock.Dot:
		return readMatrix(args, true, false)
	case stock.Outer:
		return readMatrix(args, false, true)
	case stock.Reshape:
		return args[0]
	case stock.Transpose:
		return transpose(args[0])
	case stock.Repeat:
		if args[0].scalar {
			return args[0]
		}
		return function(`\operatorname{repeat}`, false, args[0])
	case stock.Sum:
		return function(`\sum`, scalar, args[0])
	case stock.Softmax:
		if o.Log {
			return function(`\log\operatorname{softmax}`, false, args[0])
		}
		return function(`\operatorname{softmax}`, false, args[0])
	}
	return function(`\operatorname{`+plain(op.String())+`}`, scalar, args...)
}

// readMatrix is the product of two matrices, transposed or not.
func readMatrix(args []*term, transA, transB bool) *term {
	if transA {
		args[0] = transpose(args[0])
	}
	if transB {
		args[1] = transpose(args[1])
	}
	return matrix(args[0], args[1])
}

// mirrored finds the node y = sigmoid(x) where n is sigmoid(-x): Gorgonia
// computes 1 - y that way, for precision, and here it is written 1 - y again.
func (r *reader) mirrored(n, operand *G.Node, text string) *G.Node {
	if text != "sigmoid" || operand.Op() == nil || operand.Op().String() != "neg" {
		return nil
	}
	x := r.children(operand)[0]
	for _, y := range r.graph.AllNodes() {
		if y != n && y.Op() != nil && y.Op().String() == "sigmoid" && r.children(y)[0] == x {
			return y
		}
	}
	return nil
}

// readOwn knows the operators of package ops.
func readOwn(op G.Op, a []*term) *term {
	switch op := op.(type) {
	case ops.AddBiasOp:
		return plus(a[0], a[1])
	case ops.BiasGradOp:
		if op.Dims == 2 {
			return matrix(named(`\mathbf{1}^{\top}`, false), a[0])
		}
		return function(`\sum_{b,h,w}`, false, a[0])
	case ops.Conv2DOp, ops.Conv2DWeightGradOp:
		return between(`\star`, a[0], a[1])
	case ops.Conv2DInputGradOp:
		return between(`\ast`, a[1], a[0])
	case ops.MaxPoolOp:
		return function(`\operatorname{maxpool}`, false, a[0])
	case ops.MaxPoolGradOp:
		return function(`\operatorname{maxpool}'_{`+a[0].latex()+`}`, false, a[1])
	case ops.MaxPoolPickOp:
		return function(`\operatorname{pick}_{`+a[0].latex()+`}`, false, a[1])
	case ops.SpreadBiasOp:
		return times(named(`\mathbf{1}`, false), a[0])
	case ops.SoftmaxOp:
		return function(`\operatorname{softmax}`, false, a[0])
	case ops.RowSumsOp:
		return function(`\sum_{j}`, false, a[0])
	case ops.MeanPoolOp:
		return function(`\operatorname{meanpool}`, false, a[0])
	case ops.MeanPoolGradOp:
		return function(`\operatorname{meanpool}'`, false, a[0])
	case ops.SoftmaxCrossEntropyOp:
		return times(times(constant(-1), named(`\tfrac{1}{B}`, true)),
			function(`\sum`, true, times(a[1], function(`\log\operatorname{softmax}`, false, a[0]))))
	case ops.SoftmaxCrossEntropyGradOp:
		return times(times(named(`\tfrac{1}{B}`, true), a[2]), minus(function(`\operatorname{softmax}`, false, a[0]), a[1]))
	}
	return nil
}

var relations = map[string]string{"<": "<", ">": ">", "<=": `\le`, ">=": `\ge`, "==": "=", "!=": `\ne`}

func readBinary(operator string, a, b *term) *term {
	switch operator {
	case "+":
		return plus(a, b)
	case "-":
		return minus(a, b)
	case "⊙":
		return readProduct(a, b)
	case "÷":
		return over(a, b)
	case "^":
		return raised(a, b)
	}
	if relation, ok := relations[operator]; ok {
		return function(`\mathbf{1}\!\left[%s\right]`, false, between(relation, a, b))
	}
	return nil
}

// readProduct knows the rectifier, which Gorgonia makes as x (x >= 0).
func readProduct(a, b *term) *term {
	for _, x := range []struct{ value, step *term }{{a, b}, {b, a}} {
		if x.step.kind == call && x.step.latex() == function(`\mathbf{1}\!\left[%s\right]`, false, between(`\ge`, x.value, constant(0))).latex() {
			return function(`\operatorname{relu}`, false, x.value)
		}
	}
	return times(a, b)
}

var functions = map[string]string{
	"exp": `\exp`, "ln": `\ln`, "sin": `\sin`, "cos": `\cos`, "tanh": `\tanh`, "sigmoid": `\sigma`,
	"log2": `\log_2`, "log1p": `\operatorname{log1p}`,
}

func readUnary(name string, x *term) *term {
	switch name {
	case "neg":
		return times(constant(-1), x)
	case "square":
		return raised(x, constant(2))
	case "cube":
		return raised(x, constant(3))
	case "inv":
		return over(constant(1), x)
	case "sqrt":
		return function(`\sqrt{%s}`, x.scalar, x)
	case "invSqrt":
		return over(constant(1), readUnary("sqrt", x))
	case "abs":
		return function(`\left|%s\right|`, x.scalar, x)
	}
	if f, ok := functions[name]; ok {
		return function(f, x.scalar, x)
	}
	return function(`\operatorname{`+plain(name)+`}`, x.scalar, x)
}

// readConstant evaluates an operator without operands.
func readConstant(n *G.Node, op G.Op) *term {
	if v, err := op.Do(); err == nil && n.Shape().IsScalar() {
		switch x := v.(type) {
		case *G.F64:
			return constant(float64(*x))
		case *G.F32:
			return constant(float64(*x))
		}
	}
	return named(`\mathrm{`+plain(n.Name())+`}`, n.Shape().IsScalar())
}

// leafName writes the name of an input or a parameter: fc1.weight is W_fc1.
func leafName(name string) string {
	switch layer, what, _ := strings.Cut(name, "."); {
	case name == "input":
		return "X"
	case name == "target":
		return "Y"
	case what == "weight":
		return `W_{\mathrm{` + plain(layer) + `}}`
	case what == "bias":
		return `b_{\mathrm{` + plain(layer) + `}}`
	case what == "mask":
		return `M_{\mathrm{` + plain(layer) + `}}`
	case len(name) == 1:
		return plain(name)
	}
	return `\mathrm{` + plain(name) + `}`
}

// plain keeps what LaTeX prints as it stands.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" .,;:+-=()/", r):
			return r
		}
		return ' '
	}, s)
}
