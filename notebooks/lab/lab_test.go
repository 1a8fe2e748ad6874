package lab_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os/exec"
	"strings"
	"testing"

	"symgrad/data/truth"
	"symgrad/models"
	"symgrad/notebooks/lab"
	"symgrad/train"
	"symgrad/train/curvature"
	"symgrad/train/report"
	"symgrad/train/vm"
)

// ends tells with which error a cell would end.
func ends(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	f()
	return nil
}

func TestTutorial(t *testing.T) {
	net, rows := lab.TutorialNetwork(models.Neuron(3)), truth.NeuronRows()
	losses := lab.Learn(net, rows, 10000, 1)
	if got := fmt.Sprintf("%.8f %d", lab.Outputs(net, []float64{1, 0, 0})[0], len(losses)); got != "0.99993704 10000" {
		t.Error(got)
	}
	x, y := lab.Inputs(rows, 1, 3), lab.Targets(rows, 1, 3)
	if got := fmt.Sprint(x, y); got != "[1 1 1 0 1 1] [1 0]" {
		t.Error(got)
	}
}

// Gradients leave the network as it was.
func TestGradients(t *testing.T) {
	net, rows := lab.TutorialNetwork(models.Neuron(3)), truth.NeuronRows()
	before := fmt.Sprint(net.Params[0].Float64s())
	grads := lab.Gradients(net, rows, 4)
	want := make([]float64, 3)
	for i, y := range lab.Outputs(net, rows.Values) {
		for j, x := range lab.Inputs(rows, i) {
			want[j] += x * (y - rows.Targets[i]) * y * (1 - y)
		}
	}
	for j, w := range want {
		if d := grads[0][j] - w; d > 1e-15 || d < -1e-15 {
			t.Errorf("gradient %v, want %v", grads[0], want)
		}
	}
	if after := fmt.Sprint(net.Params[0].Float64s()); after != before {
		t.Errorf("weights were %s, are %s", before, after)
	}
}

func TestTraining(t *testing.T) {
	net, rows := lab.TutorialNetwork(models.Neuron(3)), truth.NeuronRows()
	if epochs := lab.Train(net, rows, train.Config{Epochs: 3, Batch: 2}); len(epochs) != 3 || epochs[2].Number != 3 {
		t.Error(epochs)
	}
	if r := lab.Evaluate(net, rows); len(r.Answers) != 4 {
		t.Error(r)
	}
}

// One step, written out; the loss is the one before it.
func TestDescend(t *testing.T) {
	net, rows := lab.TutorialNetwork(models.Neuron(3)), truth.NeuronRows()
	loss, err := curvature.Of(net, rows.Values, rows.Targets, vm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer loss.Close()
	before, gradient, _ := loss.Gradient()
	start := loss.Point()
	if losses := lab.Descend(loss, 1, 0.5); len(losses) != 1 || losses[0] != before {
		t.Errorf("losses %v, want %v", losses, before)
	}
	for i, w := range net.Params[0].Float64s() {
		if w != start[i]-0.5*gradient[i] {
			t.Errorf("weight %d went from %v to %v along %v", i, start[i], w, gradient[i])
		}
	}
}

func TestPictures(t *testing.T) {
	net := lab.TutorialNetwork(models.Neuron(3))
	if text := lab.Formulas(net).Latex(); !strings.HasPrefix(text, "$$\\begin{aligned}") || !strings.Contains(text, `X^{\top}`) {
		t.Error(text)
	}
	if _, err := exec.LookPath("dot"); err == nil {
		if _, err := png.Decode(bytes.NewReader(lab.Graph(net, 4).PNG())); err != nil {
			t.Error(err)
		}
	} else if err := ends(func() { lab.Graph(net, 4) }); err == nil || !strings.Contains(err.Error(), "needs graphviz") {
		t.Error(err)
	}
	if f := lab.Plot(300, 200)(report.Lines(report.Axes{Title: "t"}, report.Line{Y: []float64{1, 2}})); len(f.PNG()) == 0 {
		t.Error("no plot")
	}
}

// A mistake ends the cell with one line.
func TestMistakes(t *testing.T) {
	net := lab.Network(models.Neuron(3), 1)
	for want, f := range map[string]func(){
		"example 4 of neuron's rows: it has 0 to 3": func() { lab.Inputs(truth.NeuronRows(), 4) },
		"has no layers":        func() { lab.Network(models.MLP(3), 1) },
		"want a multiple of 3": func() { lab.Outputs(net, []float64{1}) },
		"no epochs to draw":    func() { lab.Show(report.Curve(nil)) },
		"the set XOR has":      func() { lab.Train(lab.Network(models.MLP(2, 2), 1), truth.XOR(), train.Config{}) },
		"all must be positive": func() { lab.Learn(net, truth.NeuronRows(), 5, -1) },
	} {
		if err := ends(f); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
