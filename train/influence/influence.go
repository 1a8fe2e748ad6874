// Package influence tells which training examples speak for and against an
// answer, and which of them a network finds odd: mislabelled ones, often.
//
// It works on the gradient of each example's own loss, of which it needs lengths
// and products alone. One compiled program gives their factors for a whole batch;
// gradients of dense layers are never written down.
package influence

import (
	"context"
	"errors"
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train"
)

// Checkpoint is a network at some moment of its training, and the learning rate
// of that moment.
type Checkpoint struct {
	Net  *models.Network
	Rate float64
}

// batch is how many examples are differentiated at a time.
const batch = 64

// Self is each example's influence on its own loss, the sum over checkpoints of
// rate |gradient|^2: large for what is unlike the rest. Pruthi, Liu, Kale and
// Sundararajan, "Estimating training data influence by tracing gradient descent"
// (2020), section 4. machine nil means train.OwnVM(0).
func Self(ctx context.Context, checkpoints []Checkpoint, set *data.Set, machine train.Backend) ([]float64, error) {
	out := make([]float64, set.Len())
	for _, c := range checkpoints {
		if err := each(ctx, c, set, 0, set.Len(), machine, func(i int, g *gradient) { out[i] += c.Rate * g.dot(g) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// TracIn is each training example's influence on the loss of one example of
// another set, the sum over checkpoints of rate times the gradients' product:
// above zero where a step on the training example makes that loss smaller, so
// that it speaks for the answer, and below where it speaks against it. Equation 1
// of the same paper, TracInCP.
func TracIn(ctx context.Context, checkpoints []Checkpoint, training, test *data.Set, example int, machine train.Backend) ([]float64, error) {
	if example < 0 || example >= test.Len() {
		return nil, fmt.Errorf("influence: example %d of %d: count from 0", example, test.Len())
	}
	out := make([]float64, training.Len())
	for _, c := range checkpoints {
		var asked *gradient
		if err := each(ctx, c, test, example, example+1, machine, func(_ int, g *gradient) { asked = g.clone() }); err != nil {
			return nil, err
		}
		if err := each(ctx, c, training, 0, training.Len(), machine, func(i int, g *gradient) { out[i] += c.Rate * g.dot(asked) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// each lets the gradients of examples pass, several at a time; it is
// overwritten afterwards.
func each(ctx context.Context, c Checkpoint, set *data.Set, from, to int, backend train.Backend, pass func(i int, g *gradient)) error {
	if backend == nil {
		backend = train.OwnVM(0)
	}
	if c.Net == nil {
		return errors.New("influence: a checkpoint without a network")
	}
	if size := set.Size(); size != volume(c.Net.Input) || set.Classes != c.Net.Outputs() {
		return fmt.Errorf("influence: %s has examples of %d numbers and %d classes, %s takes %v and tells %d", set.Name, size, set.Classes, c.Net.Name, c.Net.Input, c.Net.Outputs())
	}
	n := min(batch, to-from)
	graph, err := c.Net.Factors(n)
	if err != nil {
		return err
	}
	m, err := backend(graph.Expr, slices.Concat(G.Nodes{graph.Loss}, graph.Inputs, graph.Slopes)...)
	if err != nil {
		return err
	}
	defer m.Close()
	gradients := make([]*gradient, n)
	for k := range gradients {
		if gradients[k], err = newGradient(c.Net, graph); err != nil {
			return err
		}
	}
	const piece = 8
	scratch := make([][][]float32, (n+piece-1)/piece) // of each piece
	for p := range scratch {
		scratch[p] = gradients[0].scratch()
	}
	idx := make([]int, n)
	for first := from; first < to; first += n {
		if err := ctx.Err(); err != nil {
			return err
		}
		for k := range idx {
			idx[k] = min(first+k, to-1) // the last once more, in a short last batch
		}
		gather(set, idx, graph)
		if err := m.RunAll(); err != nil {
			return fmt.Errorf("influence: %w", err)
		}
		m.Parallel(len(scratch), func(_, p int) {
			for k := p * piece; k < min((p+1)*piece, n) && first+k < to; k++ {
				gradients[k].read(m, graph, k, scratch[p])
				pass(first+k, gradients[k])
			}
		})
	}
	return nil
}

func gather(set *data.Set, idx []int, g *models.FactorGraph) {
	switch x := g.Input.Value().Data().(type) {
	case []float32:
		data.Gather(set, idx, x, g.Target.Value().Data().([]float32))
	case []float64:
		data.Gather(set, idx, x, g.Target.Value().Data().([]float64))
	}
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
