package inspect

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
	"symgrad/train"
)

// slopes runs a saliency graph of one example.
type slopes struct {
	graph   *models.SaliencyGraph
	machine train.Machine
	input   any // []float32 or []float64, as the network
	chosen  any
}

// newSlopes makes the machine; machine nil means train.OwnVM(0).
func newSlopes(g *models.SaliencyGraph, machine train.Backend, more ...*G.Node) (*slopes, error) {
	if machine == nil {
		machine = train.OwnVM(0)
	}
	m, err := machine(g.Expr, slices.Concat(more, G.Nodes{g.Answer, g.Output, g.Slope})...)
	if err != nil {
		return nil, err
	}
	return &slopes{graph: g, machine: m, input: g.Input.Value().Data(), chosen: g.Chosen.Value().Data()}, nil
}

// Close frees the machine.
func (s *slopes) Close() error { return s.machine.Close() }

// fits is an error where there are other numbers or outputs than asked for.
func (s *slopes) fits(input []float64, class int) error {
	switch want := s.graph.Input.Shape().TotalSize(); {
	case len(input) != want:
		return fmt.Errorf("inspect: %d numbers given, want %d", len(input), want)
	case class != Answer && (class < 0 || class >= s.outputs()):
		return fmt.Errorf("inspect: output %d of %d: count from 0", class, s.outputs())
	}
	return nil
}

func (s *slopes) outputs() int { return s.graph.Output.Shape()[1] }

// at runs on an input and gives the output that the slope is of: which one the
// answer is only a run can tell.
func (s *slopes) at(input []float64, class int) (chosen int, err error) {
	if err := s.fits(input, class); err != nil {
		return 0, err
	}
	set(s.input, input)
	if class == Answer {
		if err := s.run(0); err != nil {
			return 0, err
		}
		class = largest(s.read(s.graph.Answer))
	}
	return class, s.run(class)
}

func (s *slopes) run(class int) error {
	oneHot := make([]float64, s.outputs())
	oneHot[class] = 1
	set(s.chosen, oneHot)
	if err := s.machine.RunAll(); err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	return nil
}

// read copies what a node held after the last run.
func (s *slopes) read(n *G.Node) []float64 { return numbers(s.machine.Value(n)) }
