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

	"gorgonia.org/tensor"

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
		if err := c.fits(set); err != nil {
			return nil, err
		}
		run := self[float32]
		if c.Net.Dtype == tensor.Float64 {
			run = self[float64]
		}
		if err := run(ctx, c, set, machine, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func self[F float32 | float64](ctx context.Context, c Checkpoint, set *data.Set, machine train.Backend, out []float64) error {
	return each(ctx, c, set, 0, set.Len(), machine, func(i int, g gradient[F]) { out[i] += c.Rate * g.dot(g) })
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
		for _, set := range []*data.Set{training, test} {
			if err := c.fits(set); err != nil {
				return nil, err
			}
		}
		run := tracIn[float32]
		if c.Net.Dtype == tensor.Float64 {
			run = tracIn[float64]
		}
		if err := run(ctx, c, training, test, example, machine, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func tracIn[F float32 | float64](ctx context.Context, c Checkpoint, training, test *data.Set, example int, machine train.Backend, out []float64) error {
	var asked gradient[F]
	if err := each(ctx, c, test, example, example+1, machine, func(_ int, g gradient[F]) { asked = g.clone() }); err != nil {
		return err
	}
	return each(ctx, c, training, 0, training.Len(), machine, func(i int, g gradient[F]) { out[i] += c.Rate * g.dot(asked) })
}

// fits tells whether a checkpoint's network takes the examples of a set.
func (c Checkpoint) fits(set *data.Set) error {
	if c.Net == nil {
		return errors.New("influence: a checkpoint without a network")
	}
	if size := set.Size(); size != volume(c.Net.Input) || set.Classes != c.Net.Outputs() {
		return fmt.Errorf("influence: %s has examples of %d numbers and %d classes, %s takes %v and tells %d", set.Name, size, set.Classes, c.Net.Name, c.Net.Input, c.Net.Outputs())
	}
	return nil
}

// each lets the gradients of examples pass, several at a time; it is
// overwritten afterwards.
func each[F float32 | float64](ctx context.Context, c Checkpoint, set *data.Set, from, to int, backend train.Backend, pass func(i int, g gradient[F])) error {
	if backend == nil {
		backend = train.OwnVM(0)
	}
	n := min(batch, to-from)
	graph, err := c.Net.Factors(n)
	if err != nil {
		return err
	}
	m, err := backend(graph.Expr, graph.Results()...)
	if err != nil {
		return err
	}
	defer m.Close()
	x, y := graph.Input.Value().Data().([]F), graph.Target.Value().Data().([]F)
	idx := make([]int, n)
	for first := from; first < to; first += n {
		if err := ctx.Err(); err != nil {
			return err
		}
		for k := range idx {
			idx[k] = min(first+k, to-1) // the last once more, in a short last batch
		}
		data.Gather(set, idx, x, y)
		if err := m.RunAll(); err != nil {
			return fmt.Errorf("influence: %w", err)
		}
		gradients, err := gradientsOf[F](c.Net, graph, m)
		if err != nil {
			return err
		}
		const piece = 8
		m.Parallel((n+piece-1)/piece, func(_, p int) {
			for k := p * piece; k < min((p+1)*piece, n) && first+k < to; k++ {
				pass(first+k, gradients[k])
			}
		})
	}
	return nil
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
