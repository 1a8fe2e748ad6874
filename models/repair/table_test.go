package repair_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"symgrad/models/gradcheck"
	"symgrad/models/gradcheck/finding"
	"symgrad/models/interpret"
	"symgrad/models/repair"
	"symgrad/train/vm"
)

var update = flag.Bool("update", false, "write TABLE.md anew")

const head = `# The derivatives of Gorgonia 0.9.18, operator by operator

Found by TestTable, which fails where it finds anything else; ` + "`go test ./models/repair -run TestTable -update`" + ` writes this file.
Each operator stands in the loss sum w (y + y^2), at a point without corners.

- values: what TapeMachine gives, where they are in doubt, against a definition of expressions.
- gorgonia.Grad: the gradient, evaluated node by node by package interpret, against slopes of the loss; float32: the same in
  float32; TapeMachine: whether it comes to the same numbers. Empty where the gradient is wrong anyway.
- LispMachine: its gradients, which it finds by other rules; "—" where the values are wrong.
- gorgonia.Grad twice: of a sum of its gradients, in the same graph, against slopes of that sum. It passes over every node that
  the first one has seen, and takes one of several terms by a parameter.
- repair.Grad, and twice: the same by repair.Grad, of Gorgonia's operator or, where there is one of the name in package repair, of
  that; then whether the second derivatives are the same numbers on TapeMachine and on train/vm.
- "refused": an error or a panic while the graph is built; "fails": while it runs; "missing": an operator passes no gradient on;
  "ends the process": a panic in a goroutine of Gorgonia's.

| operator | values | gorgonia.Grad | float32 | TapeMachine | LispMachine | gorgonia.Grad twice | repair.Grad | repair.Grad twice | on TapeMachine | on train/vm |
|---|---|---|---|---|---|---|---|---|---|---|
`

// TestTable finds out what is right, in TABLE.md, about every operator of
// Gorgonia's that has a derivative, or ought to: about each eighth, with LONG=1
// about all.
func TestTable(t *testing.T) {
	all := stocks()
	if !*update && os.Getenv("LONG") == "" {
		var share []stockOp
		for i := 0; i < len(all); i += 8 {
			share = append(share, all[i])
		}
		all = share
	}
	if from, err := strconv.Atoi(os.Getenv(risky)); err == nil {
		for i := from; i < 2*len(all); i++ {
			fmt.Printf("\n%s %d %s\n", risky, i, all[i/2].risk(i%2))
		}
		return
	}
	risks := apart(t, 2*len(all))
	var rows []string
	for i, e := range all {
		rows = append(rows, "| "+e.name+" | "+strings.Join(e.row(risks[2*i], risks[2*i+1]), " | ")+" |\n")
	}
	const file = "TABLE.md"
	if *update {
		if err := os.WriteFile(file, []byte(head+strings.Join(rows, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	table, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rest, ok := strings.CutPrefix(string(table), head)
	if !ok {
		t.Errorf("%s has another head", file)
	}
	if got := strings.Count(rest, "\n"); got != len(stocks()) {
		t.Errorf("%s has %d rows, there are %d operators", file, got, len(stocks()))
	}
	for _, row := range rows {
		if !strings.Contains(rest, row) {
			t.Errorf("not in %s: %s", file, row)
		}
	}
}

// twice is a sum of gorgonia.Grad's gradients.
func (e stockOp) twice(p G.Nodes) (*G.Node, error) { return slopeBy(G.Grad, e.loss, p, 0) }

// row has the cells of an operator.
func (e stockOp) row(lisp, twice string) []string {
	at, o := e.point(), gradcheck.Options{Points: -1, Directions: 3}
	right := of{e.name, e.params, e.from, e.build}
	if e.rightly != nil {
		right.build = e.rightly
	}
	second := func(p G.Nodes) (*G.Node, error) { return slope(right.loss, p, 0) }
	with := func(change func(o *gradcheck.Options)) gradcheck.Options {
		o := o
		change(&o)
		return o
	}
	first := verdict(e.loss, at, o)
	cells := []string{e.values(), first, "", "", lisp, twice}
	if first == "right" {
		cells[2] = verdict(e.loss, at, with(func(o *gradcheck.Options) { o.Dtype = tensor.Float32 }))
		cells[3] = verdict(e.loss, at, with(func(o *gradcheck.Options) { o.Machine = gradcheck.TapeMachine() }))
	}
	ours := with(func(o *gradcheck.Options) { o.Grad = repair.Grad })
	cells = append(cells, verdict(right.loss, at, ours), verdict(second, at, ours))
	for _, m := range []gradcheck.Machine{gradcheck.TapeMachine(), compiled} {
		ours.Machine = m
		cells = append(cells, verdict(second, at, ours))
	}
	return cells
}

// stockOp is an operator of Gorgonia's; rightly has the right values where
// Gorgonia's are not, or may not be.
type stockOp struct {
	of
	rightly func(p G.Nodes) (*G.Node, error)
}

func stocks() (all []stockOp) {
	x, cube := matrices(tensor.Shape{3, 3}), matrices(tensor.Shape{2, 3, 2})
	images, four := matrices(tensor.Shape{1, 2, 4, 5}), matrices(tensor.Shape{1, 2, 3, 2})
	for _, e := range expressions() {
		if !strings.HasPrefix(e.name, "repair.") && !strings.HasSuffix(e.name, "of 4") && !strings.HasSuffix(e.name, "of axis 1") {
			all = append(all, stockOp{of: e})
		}
	}
	add := func(name string, params []tensor.Shape, build, rightly func(x *G.Node) (*G.Node, error)) {
		all = append(all, stockOp{of{name, params, -1, one(build)}, one(rightly)})
	}
	add("Sum(x, 2) of four axes", four, func(x *G.Node) (*G.Node, error) { return G.Sum(x, 2) }, func(x *G.Node) (*G.Node, error) { return repair.Sum(x, 2) })
	add("Mean(x, 2, 3) of four axes", four, func(x *G.Node) (*G.Node, error) { return G.Mean(x, 2, 3) }, func(x *G.Node) (*G.Node, error) { return repair.Mean(x, 2, 3) })
	add("Max(x, 2) of four axes", four, func(x *G.Node) (*G.Node, error) { return G.Max(x, 2) }, func(x *G.Node) (*G.Node, error) { return repair.Max(x, 2) })
	add("ByIndices(x, i, 1) of three axes", cube, func(x *G.Node) (*G.Node, error) { return G.ByIndices(x, indices(x, 2, 0, 2), 1) },
		func(x *G.Node) (*G.Node, error) { return repair.ByIndices(x, indices(x, 2, 0, 2), 1) })
	add("At", cube, func(x *G.Node) (*G.Node, error) { return G.At(x, 1, 2, 0) }, func(x *G.Node) (*G.Node, error) { return repair.At(x, 1, 2, 0) })
	add("Norm(x, 1, 3)", x, func(x *G.Node) (*G.Node, error) { return G.Norm(x, 1, 3) }, func(x *G.Node) (*G.Node, error) { return repair.Norm(x, 1, 3) })
	add("LogSumExp(x, 0) of a vector", matrices(tensor.Shape{3}), func(x *G.Node) (*G.Node, error) { return G.LogSumExp(x, 0) }, func(x *G.Node) (*G.Node, error) { return repair.LogSumExp(x, 0) })
	add("Sparsemax(x, 0)", x, func(x *G.Node) (*G.Node, error) { return G.Sparsemax(x, 0) }, func(x *G.Node) (*G.Node, error) { return repair.Sparsemax(x, 0) })
	add("AveragePool2D", images, func(x *G.Node) (*G.Node, error) {
		return G.AveragePool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2})
	},
		func(x *G.Node) (*G.Node, error) {
			return repair.AveragePool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2})
		})
	add("AveragePool1D", images, func(x *G.Node) (*G.Node, error) { return G.AveragePool1D(x, 2, 0, 2) }, func(x *G.Node) (*G.Node, error) { return repair.AveragePool1D(x, 2, 0, 2) })
	add("GlobalAveragePool2D", images, G.GlobalAveragePool2D, repair.GlobalAveragePool2D)
	add("Dropout(x, 0)", x, func(x *G.Node) (*G.Node, error) { return G.Dropout(x, 0) }, func(x *G.Node) (*G.Node, error) { return repair.Dropout(x, 0) })
	add("AveragePool2D, padded", images, func(x *G.Node) (*G.Node, error) {
		return G.AveragePool2D(x, tensor.Shape{2, 2}, []int{1, 1}, []int{1, 1})
	},
		func(x *G.Node) (*G.Node, error) {
			return repair.AveragePool2D(x, tensor.Shape{2, 2}, []int{1, 1}, []int{1, 1})
		})
	all = append(all, wrapped()...)
	for _, mean := range []bool{false, true} {
		build := func(loss ctc) func(p *G.Node) (*G.Node, error) {
			return func(p *G.Node) (*G.Node, error) { return spelled(loss, G.Must(G.LogSoftMax(p, 2)), mean) }
		}
		add(fmt.Sprintf("CTCLoss of LogSoftMax, mean %v", mean), matrices(tensor.Shape{4, 2, 3}), build(G.CTCLoss), build(repair.CTCLoss))
	}
	return all
}

// wrapped are functions of Gorgonia's around other operators, or with settings that
// these are seldom used with; none has a right one of another name.
func wrapped() (all []stockOp) {
	images := matrices(tensor.Shape{1, 2, 4, 5})
	add := func(name string, params []tensor.Shape, build func(p G.Nodes) (*G.Node, error)) {
		all = append(all, stockOp{of: of{name, params, -1, build}})
	}
	add("Conv1d", matrices(tensor.Shape{1, 2, 1, 5}, tensor.Shape{2, 2, 1, 3}), two(func(x, w *G.Node) (*G.Node, error) { return G.Conv1d(x, w, 3, 1, 1, 1) }))
	add("Conv2d, dilated", matrices(tensor.Shape{1, 2, 4, 5}, tensor.Shape{2, 2, 2, 2}), two(func(x, w *G.Node) (*G.Node, error) {
		return G.Conv2d(x, w, tensor.Shape{2, 2}, []int{1, 1}, []int{1, 1}, []int{2, 2})
	}))
	add("MaxPool1D", images, one(func(x *G.Node) (*G.Node, error) { return G.MaxPool1D(x, 2, 0, 2) }))
	add("Dropout(x, 0.5)", matrices(tensor.Shape{5, 5}), one(func(x *G.Node) (*G.Node, error) { return G.Dropout(x, 0.5) }))
	add("YOLOv3", matrices(tensor.Shape{1, 6, 2, 2}), one(func(x *G.Node) (*G.Node, error) {
		return G.YOLOv3(x, []float32{10, 13}, []int{0}, 32, 1, 0.5)
	}))
	return all
}

type ctc func(logProbs, targets, inputLengths, targetLengths *G.Node, reduction G.Reduction) (*G.Node, error)

// spelled is the loss of two sequences, the second of them shorter.
func spelled(loss ctc, logProbs *G.Node, mean bool) (*G.Node, error) {
	return spelling(loss, logProbs, mean, tensor.Shape{2, 2}, 1, 2, 2, 0)
}

func spelling(loss ctc, logProbs *G.Node, mean bool, shape tensor.Shape, targets ...int) (*G.Node, error) {
	whole := func(name string, shape tensor.Shape, v ...int) *G.Node {
		return G.NewTensor(logProbs.Graph(), tensor.Int, len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))))
	}
	reduction := G.ReductionSum
	if mean {
		reduction = G.ReductionMean
	}
	return loss(logProbs, whole("targets", shape, targets...), whole("input lengths", tensor.Shape{2}, 4, 3), whole("target lengths", tensor.Shape{2}, 2, 1), reduction)
}

// TestCTCLoss: the gradient is right by the logarithms of probabilities
// themselves, and 0 beyond a sequence's end; so is the second; a third is refused.
func TestCTCLoss(t *testing.T) {
	at := of{"", matrices(tensor.Shape{4, 2, 3}), -2.5, nil}.point()
	for _, mean := range []bool{false, true} {
		build := func(p G.Nodes) (*G.Node, error) { return spelled(repair.CTCLoss, p[0], mean) }
		twoAlike := func(p G.Nodes) (*G.Node, error) { // and the targets one after the other
			return spelling(repair.CTCLoss, p[0], mean, tensor.Shape{3}, 1, 1, 2)
		}
		for _, o := range []gradcheck.Options{{Grad: repair.Grad, Second: true, Machine: gradcheck.TapeMachine()}, {Machine: compiled}, {Dtype: tensor.Float32}} {
			gradcheck.Test(t, build, at, o)
			gradcheck.Test(t, twoAlike, at, o)
		}
		_, params := of{params: matrices(tensor.Shape{4, 2, 3})}.graph()
		along, err := slope(build, params, 0)
		if err != nil {
			t.Fatal(err)
		}
		along, err = slope(func(G.Nodes) (*G.Node, error) { return along, nil }, params, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := repair.Grad(along, params...); err == nil || !strings.Contains(err.Error(), "no third derivative") {
			t.Errorf("a third derivative: %v", err)
		}
	}
}

const risky = "RISKY_CELL"

// risk is what may end the process: what runs in goroutines of Gorgonia's.
func (e stockOp) risk(which int) string {
	if which == 0 {
		return e.lisp()
	}
	return verdict(e.twice, e.point(), gradcheck.Options{Points: -1, Directions: 3})
}

// apart fills cells in processes of their own, the next one after the cell that
// ended the last.
func apart(t *testing.T, cells int) []string {
	found := make([]string, cells)
	for next := 0; next < cells; {
		c := exec.Command(os.Args[0], "-test.run=^TestTable$")
		c.Env = append(os.Environ(), fmt.Sprintf("%s=%d", risky, next))
		if *update {
			c.Env = append(c.Env, "LONG=1")
		}
		out, err := c.Output()
		for line := range strings.Lines(string(out)) {
			var i int
			if _, err := fmt.Sscanf(line, risky+" %d", &i); err == nil && i == next {
				found[i] = strings.TrimSpace(strings.TrimPrefix(line, fmt.Sprintf("%s %d ", risky, i)))
				next++
			}
		}
		switch {
		case next == cells: // whatever the race detector may say of Gorgonia's goroutines
		case err == nil:
			t.Fatalf("no cell %d: %s", next, out)
		default:
			found[next] = "**ends the process**"
			next++
		}
	}
	return found
}

func compiled(g *G.ExprGraph, results ...*G.Node) (gradcheck.Runner, error) {
	return vm.New(g, vm.Config{Results: results})
}

// verdict is what a check finds, in a word.
func verdict(build gradcheck.Build, at []gradcheck.Tensor, o gradcheck.Options) string {
	refused := false
	grad := o.Grad
	if grad == nil {
		grad = G.Grad
	}
	o.Grad = func(cost *G.Node, wrt ...*G.Node) (grads G.Nodes, err error) {
		refused = true
		if grads, err = grad(cost, wrt...); err == nil {
			refused = false
		}
		return grads, err
	}
	found, err := gradcheck.Check(build, at, o)
	if err != nil || refused {
		return "refused"
	}
	if wrong := gradcheck.Wrong(found); len(wrong) > 0 {
		switch wrong[0].Kind {
		case finding.Gradient, finding.Machine, finding.Single, finding.Shape:
			return "**wrong**"
		case finding.Missing:
			return "**missing**"
		case finding.NonFinite:
			return "**NaN**"
		case finding.Failure:
			return "fails"
		}
		return string(wrong[0].Kind)
	}
	return "right"
}

// values compares an operator's own with those of the right one.
func (e stockOp) values() string {
	if e.rightly == nil {
		return "right"
	}
	_, params := e.graph()
	y, err := e.build(params)
	if err != nil {
		return "refused"
	}
	want, err := e.rightly(params)
	if err != nil {
		return err.Error()
	}
	truth, err := interpret.NewPlan(nil, want).Values(nil)
	if err != nil {
		return err.Error()
	}
	got, err := byTape(y)
	switch {
	case err != nil:
		return "fails"
	case !close(got, numbersOf(truth[want]), 1e-9):
		return "**wrong**"
	}
	return "right"
}

// byTape is a node's value on TapeMachine.
func byTape(y *G.Node) (numbers []float64, err error) {
	var v G.Value
	G.Read(y, &v)
	m := G.NewTapeMachine(y.Graph())
	defer m.Close()
	if err := m.RunAll(); err != nil {
		return nil, err
	}
	return numbersOf(v), nil
}

// lisp compares the gradients that LispMachine finds by itself.
func (e stockOp) lisp() (verdict string) {
	defer func() {
		if r := recover(); r != nil {
			verdict = "fails"
		}
	}()
	_, params := e.graph()
	loss, err := e.loss(params)
	if err != nil {
		return "refused"
	}
	truth, err := repair.Grad(loss, params...)
	if err != nil {
		return "—"
	}
	right, err := interpret.NewPlan(nil, truth...).Values(nil)
	if err != nil {
		return "—"
	}
	g, params := e.graph()
	if _, err = e.loss(params); err != nil {
		return "refused"
	}
	m := G.NewLispMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		return "fails"
	}
	for i, n := range params {
		d, err := n.Grad()
		if err != nil {
			return "fails"
		}
		if !close(numbersOf(d), numbersOf(right[truth[i]]), 1e-9) {
			return "**wrong**"
		}
	}
	return "right"
}
