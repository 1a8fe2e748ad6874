// Package inspect shows what a network makes of one input: what every layer
// gives, the answer, and which pixels the answer hangs on.
//
//	look, err := inspect.New(net)
//	view, err := look.At(pixels, inspect.Answer)
//	view.Saliency // d logit / d pixel, from the symbolic gradient
package inspect

import (
	"errors"
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train"
)

// Answer stands for the class that the network itself finds most probable.
const Answer = -1

// Inspector runs one network on one input at a time. It is not safe for
// concurrent use; several inspectors of one network are.
type Inspector struct {
	net     *models.Network
	graph   *models.SaliencyGraph
	machine train.Machine
	input   any // []float32 or []float64, as the network
	chosen  any
}

// View is what a network makes of an input.
type View struct {
	Class         int                 // the most probable; 0 where there is one output only
	Probabilities []float64           // softmax of the logits, or what the last activation gave
	Logits        []float64           // the output
	Layers        []train.LayerOutput // of the one input, in order

	Chosen   int       // the output that Saliency is of
	Saliency []float64 // d output[Chosen] / d input, in the input's order
}

// New builds the graph; machine nil means train.OwnVM(0).
func New(net *models.Network, machine train.Backend) (*Inspector, error) {
	if machine == nil {
		machine = train.OwnVM(0)
	}
	g, err := net.Saliency(1)
	if err != nil {
		return nil, err
	}
	m, err := machine(g.Expr, slices.Concat(g.Layers, G.Nodes{g.Answer, g.Slope})...)
	if err != nil {
		return nil, err
	}
	return &Inspector{net: net, graph: g, machine: m, input: g.Input.Value().Data(), chosen: g.Chosen.Value().Data()}, nil
}

// Close frees the machine.
func (i *Inspector) Close() error { return i.machine.Close() }

// At looks at one input, given as numbers in row-major order, and differentiates
// one output, or that of the [Answer]. A number that is not finite is an error.
func (i *Inspector) At(input []float64, class int) (View, error) {
	switch want := i.graph.Input.Shape().TotalSize(); {
	case len(input) != want:
		return View{}, fmt.Errorf("inspect: %d numbers given, want %d", len(input), want)
	case class != Answer && (class < 0 || class >= i.net.Outputs()):
		return View{}, fmt.Errorf("inspect: output %d of %d: count from 0", class, i.net.Outputs())
	}
	set(i.input, input)
	v := View{Chosen: class}
	if class == Answer {
		// Which output it is only a run can tell.
		if err := i.run(0); err != nil {
			return View{}, err
		}
		v.Chosen = largest(i.numbers(i.graph.Answer))
	}
	if err := i.run(v.Chosen); err != nil {
		return View{}, err
	}
	v.Probabilities = i.numbers(i.graph.Answer)
	v.Class = largest(v.Probabilities)
	v.Logits = i.numbers(i.graph.Output)
	v.Saliency = i.numbers(i.graph.Slope)
	for k, name := range i.net.LayerNames() {
		n := i.graph.Layers[k]
		v.Layers = append(v.Layers, train.LayerOutput{Name: name, Kind: i.net.Layers[k].Kind(), Shape: slices.Clone([]int(n.Shape()[1:])), Values: i.numbers(n)})
	}
	return v, v.finite()
}

// finite is an error where a number is none that can be shown.
func (v View) finite() error {
	check := func(of string, numbers []float64) error {
		for _, x := range numbers {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("inspect: a %v in %s: the network's weights, or the input's numbers, are too large", x, of)
			}
		}
		return nil
	}
	for _, l := range v.Layers {
		if err := check("what "+l.Name+" gives", l.Values); err != nil {
			return err
		}
	}
	return errors.Join(check("the answer", v.Probabilities), check("the saliency", v.Saliency))
}

func (i *Inspector) run(class int) error {
	oneHot := make([]float64, i.net.Outputs())
	oneHot[class] = 1
	set(i.chosen, oneHot)
	if err := i.machine.RunAll(); err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	return nil
}

// numbers copies what a node held after the last run.
func (i *Inspector) numbers(n *G.Node) []float64 {
	switch data := i.machine.Value(n).Data().(type) {
	case []float32:
		out := make([]float64, len(data))
		for k, v := range data {
			out[k] = float64(v)
		}
		return out
	case []float64:
		return slices.Clone(data)
	}
	return nil
}

func set(dst any, from []float64) {
	switch dst := dst.(type) {
	case []float32:
		for k, v := range from {
			dst[k] = float32(v)
		}
	case []float64:
		copy(dst, from)
	}
}

func largest(row []float64) int {
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return best
}
