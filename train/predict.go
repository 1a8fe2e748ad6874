package train

import (
	"fmt"

	"symgrad/models"
	"symgrad/train/vm/kernel/vec"
)

// Prediction is a network's answer for one input.
type Prediction struct {
	Class         int       // the most probable class; with one output 1 above one half, else 0
	Probabilities []float64 // softmax of the logits, or what the last activation gave
}

// Predict runs a network on one input, given as numbers in row-major order.
func Predict(net *models.Network, input []float64) (Prediction, error) {
	p, err := NewPredictor(net, 1, nil)
	if err != nil {
		return Prediction{}, err
	}
	defer p.Close()
	out, err := p.Predict(input)
	if err != nil {
		return Prediction{}, err
	}
	return out[0], nil
}

// Predictor predicts a fixed number of inputs at a time.
type Predictor struct {
	b     *bound
	graph *models.ForwardGraph
}

// NewPredictor builds the graph once; machine nil means OwnVM(0).
func NewPredictor(net *models.Network, batch int, machine Backend) (*Predictor, error) {
	if machine == nil {
		machine = OwnVM(0)
	}
	g, err := net.Forward(batch)
	if err != nil {
		return nil, err
	}
	b, err := bind(g.Graph, nil, machine, g.Answer)
	if err != nil {
		return nil, err
	}
	return &Predictor{b: b, graph: g}, nil
}

// Predict takes the batch's inputs one after the other. An answer that is no
// finite number is an error.
func (p *Predictor) Predict(inputs []float64) ([]Prediction, error) {
	if err := fill(p.b.input, inputs); err != nil {
		return nil, err
	}
	if err := p.b.machine.RunAll(); err != nil {
		return nil, fmt.Errorf("train: predicting: %w", err)
	}
	out := make([]Prediction, p.graph.Batch)
	n := p.graph.Output.Shape()[1]
	values(p.b.machine.Value(p.graph.Answer).Data(), func(i int, v float64) bool {
		out[i/n].Probabilities = append(out[i/n].Probabilities, v)
		return true
	})
	for i := range out {
		for _, v := range out[i].Probabilities {
			if !finite(v) {
				return nil, fmt.Errorf("train: predicting: the answer to input %d has a %v in it: the network's weights, or the input's numbers, are too large", i, v)
			}
		}
		out[i].Class = decide(out[i].Probabilities)
	}
	return out, nil
}

// Classes is a leaner [Predictor.Predict]: inputs holds the batch's numbers, one
// example after the other, and into receives the class of each. A float32 network
// reads the inputs where they are, and nothing is allocated.
func (p *Predictor) Classes(inputs []float32, into []int) error {
	if len(into) != p.graph.Batch {
		return fmt.Errorf("train: room for %d classes given, want %d", len(into), p.graph.Batch)
	}
	if want := p.graph.Input.Shape().TotalSize(); len(inputs) != want {
		return fmt.Errorf("train: %d numbers given, want %d", len(inputs), want)
	}
	if err := p.b.machine.RunOn(p.graph.Input, inputs); err != nil {
		return fmt.Errorf("train: predicting: %w", err)
	}
	switch answer := p.b.machine.Value(p.graph.Answer).Data().(type) {
	case []float32:
		decideAll(into, answer)
	case []float64:
		decideAll(into, answer)
	}
	return nil
}

// decideAll is [decide] for every row of a matrix.
func decideAll[F float32 | float64](into []int, answer []F) {
	n := len(answer) / len(into)
	if n > 1 {
		vec.Argmax(into, answer, n)
		return
	}
	for i := range into {
		into[i] = decide(answer[i : i+1])
	}
}

// Close frees the machine.
func (p *Predictor) Close() error { return p.b.Close() }

func fill(dst any, from []float64) error {
	switch dst := dst.(type) {
	case []float32:
		if len(dst) == len(from) {
			for i, v := range from {
				dst[i] = float32(v)
			}
			return nil
		}
	case []float64:
		if len(dst) == len(from) {
			copy(dst, from)
			return nil
		}
	}
	return fmt.Errorf("train: %d numbers given, want %d", len(from), length(dst))
}

func length(data any) int {
	n := 0
	values(data, func(int, float64) bool { n++; return true })
	return n
}
