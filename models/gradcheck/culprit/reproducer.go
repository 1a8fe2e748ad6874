package culprit

import (
	"fmt"
	"strings"
	"text/template"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck/audit"
)

// program is a Go program that shows a wrong gradient with Gorgonia alone.
var program = template.Must(template.New("").Parse(`package main

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"{{if .Import}}

	"{{.Import}}"{{end}}
)

func main() {
	{{range .Operands}}{{.Name}} := {{.Numbers}}
	{{end}}run := func() (float64, any) {
		g := G.NewGraph()
		{{range .Operands}}{{.Node}}
		{{end}}y := G.Must({{.Call}})
		{{.Weigh}}
		d, err := G.Grad(loss, {{.Moved}})
		if err != nil {
			panic(err)
		}
		var value, gradient G.Value
		G.Read(loss, &value)
		G.Read(d[0], &gradient)
		if err := G.NewTapeMachine(g).RunAll(); err != nil {
			panic(err)
		}
		return value.Data().(float64), gradient.Data()
	}
	_, gradient := run()
	fmt.Println("symbolic  ", gradient)
	for i, v := range {{.Values}} {
		{{.Values}}[i] = v + 1e-6
		right, _ := run()
		{{.Values}}[i] = v - 1e-6
		left, _ := run()
		{{.Values}}[i] = v
		fmt.Println("difference", i, (right-left)/2e-6)
	}
}
`))

type operand struct{ Name, Numbers, Node string }

// largest is up to how many numbers a program lists.
const largest = 64

// Reproducer writes a program that shows the gradient of a node's operator by its
// operand of that index beside differences. It is empty where the operator cannot
// be written in Go from what it shows, or has too many numbers.
func Reproducer(n *G.Node, args []G.Value, by int) string {
	call, pkg := expression(n.Op(), len(args))
	if call == "" || n.Dtype() != tensor.Float64 {
		return ""
	}
	data := struct {
		Import, Call, Weigh, Moved, Values string
		Operands                           []operand
	}{Import: pkg, Call: call}
	total := n.Shape().TotalSize()
	for i, a := range args {
		numbers := audit.Numbers(a)
		if total += len(numbers); numbers == nil || total > largest {
			return ""
		}
		data.Operands = append(data.Operands, variable(string(rune('a'+i)), a.Shape(), numbers))
	}
	if data.Weigh = "loss := y"; len(n.Shape()) > 0 {
		weights := make([]float64, n.Shape().TotalSize())
		for i := range weights {
			weights[i] = 1 + float64(i)/4
		}
		data.Operands = append(data.Operands, variable("w", n.Shape(), weights))
		data.Weigh = "loss := G.Must(G.Sum(G.Must(G.HadamardProd(y, nodeW))))"
	}
	data.Values = string(rune('a' + by))
	data.Moved = "node" + strings.ToUpper(data.Values)
	var b strings.Builder
	if err := program.Execute(&b, data); err != nil {
		return ""
	}
	return b.String()
}

func variable(name string, shape tensor.Shape, numbers []float64) operand {
	o := operand{Name: name, Numbers: fmt.Sprintf("%#v", numbers)}
	node := "node" + strings.ToUpper(name)
	if len(shape) == 0 {
		o.Node = fmt.Sprintf("%s := G.NewScalar(g, tensor.Float64, G.WithName(%q), G.WithValue(%s[0]))", node, name, name)
		return o
	}
	dims := strings.ReplaceAll(strings.Trim(fmt.Sprint([]int(shape)), "[]"), " ", ", ")
	o.Node = fmt.Sprintf("%s := G.NewTensor(g, tensor.Float64, %d, G.WithShape(%s), G.WithName(%q), G.WithValue(tensor.New(tensor.WithShape(%s), tensor.WithBacking(%s))))",
		node, len(shape), dims, name, dims, name)
	return o
}

// nodes are the variables of the operands' nodes.
func nodes(n int) string {
	var names []string
	for i := range n {
		names = append(names, "node"+string(rune('A'+i)))
	}
	return strings.Join(names, ", ")
}

func list(axes []int) string {
	var text []string
	for _, a := range axes {
		text = append(text, fmt.Sprint(a))
	}
	return strings.Join(text, ", ")
}
