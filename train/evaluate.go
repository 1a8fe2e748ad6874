package train

import (
	"context"
	"fmt"
	"io"

	"symgrad/data"
	"symgrad/models"
)

// Result is what a network does on a set.
type Result struct {
	Loss      float64 // a mean over examples
	Accuracy  float64 // share of right answers, 0 to 1
	Confusion Confusion
	Answers   []int // the class that the network gave each example
}

// Measured tells a result from the zero Result, which nobody has measured.
func (r Result) Measured() bool { return r.Confusion != nil || r.Loss != 0 || r.Accuracy != 0 }

// Evaluator runs a network on sets, in batches of one size; the last batch may
// be shorter. It keeps its graphs, so asking again costs nothing.
type Evaluator struct {
	net     *models.Network
	machine Backend
	batch   int
	group   Group
	graphs  map[int]*evaluation
	idx     []int
}

// evaluation is an evaluation graph on its machine.
type evaluation struct {
	*bound
	graph *models.EvaluationGraph
}

// NewEvaluator evaluates net in batches of the given size (0 means 250) on a
// machine of the project's own, or another (nil means OwnVM(0)).
func NewEvaluator(net *models.Network, batch int, machine Backend) *Evaluator {
	if batch < 1 {
		batch = 250
	}
	if machine == nil {
		machine = OwnVM(0)
	}
	return &Evaluator{net: net, machine: machine, batch: batch, group: alone{}, graphs: map[int]*evaluation{}}
}

// Evaluate runs the network, without dropout, on every example of a set. The
// processes of a group share its batches, and all get the whole result.
func (e *Evaluator) Evaluate(ctx context.Context, set *data.Set) (Result, error) {
	if err := fits(e.net, set); err != nil {
		return Result{}, err
	}
	losses, answers := make([]float64, (set.Len()+e.batch-1)/e.batch), make([]uint32, set.Len())
	first := func(rank int) int { return rank * len(losses) / e.group.Size() } // batch of a process
	for i := first(e.group.Rank()); i < first(e.group.Rank()+1); i++ {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		from := i * e.batch
		to := min(from+e.batch, set.Len())
		var err error
		if losses[i], err = e.batchOf(set, from, answers[from:to]); err != nil {
			return Result{}, err
		}
	}
	if err := gather(e.group, bytesOf(losses), func(rank int) int { return 8 * first(rank) }); err != nil {
		return Result{}, err
	}
	if err := gather(e.group, bytesOf(answers), func(rank int) int { return 4 * min(first(rank)*e.batch, len(answers)) }); err != nil {
		return Result{}, err
	}
	return e.result(set, losses, answers), nil
}

// batchOf evaluates the examples from the given one on: their loss, summed, and
// answers.
func (e *Evaluator) batchOf(set *data.Set, from int, into []uint32) (float64, error) {
	e.idx = e.idx[:0]
	for i := range into {
		e.idx = append(e.idx, from+i)
	}
	g, err := e.evaluation(len(e.idx))
	if err != nil {
		return 0, err
	}
	g.gather(set, e.idx)
	if err := g.machine.RunAll(); err != nil {
		return 0, fmt.Errorf("train: evaluating %s: %w", set.Name, err)
	}
	for i, class := range answers(g.machine.Value(g.graph.Output).Data(), e.net.Outputs()) {
		into[i] = uint32(class)
	}
	loss, err := number(g.machine.Value(g.graph.Loss))
	return total(e.net, loss, len(e.idx)), err
}

// result puts batches together.
func (e *Evaluator) result(set *data.Set, losses []float64, answers []uint32) Result {
	r := Result{Confusion: NewConfusion(classes(set)), Answers: make([]int, len(answers))}
	for _, loss := range losses {
		r.Loss += loss
	}
	r.Loss /= float64(set.Len())
	for i, class := range answers {
		r.Answers[i] = int(class)
		r.Confusion.Add(truth(set, i), int(class))
	}
	r.Accuracy = r.Confusion.Accuracy()
	return r
}

func (e *Evaluator) evaluation(batch int) (*evaluation, error) {
	if g := e.graphs[batch]; g != nil {
		return g, nil
	}
	g, err := e.net.Evaluation(batch)
	if err != nil {
		return nil, err
	}
	b, err := bind(g.Graph, g.Target, e.machine, g.Loss, g.Output)
	if err != nil {
		return nil, err
	}
	e.graphs[batch] = &evaluation{b, g}
	return e.graphs[batch], nil
}

// Close frees the machines.
func (e *Evaluator) Close() error { return closeAll(e.graphs) }

func closeAll[K comparable, C io.Closer](machines map[K]C) (err error) {
	for _, m := range machines {
		if e := m.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Evaluate runs a network on a set once.
func Evaluate(ctx context.Context, net *models.Network, set *data.Set) (Result, error) {
	e := NewEvaluator(net, 0, nil)
	defer e.Close()
	return e.Evaluate(ctx, set)
}

// total is the sum of the loss over a batch, whether the loss itself is a mean
// or a sum.
func total(net *models.Network, loss float64, batch int) float64 {
	if net.Loss.Mean {
		return loss * float64(batch)
	}
	return loss
}

func fits(net *models.Network, set *data.Set) error {
	switch {
	case set == nil || set.Len() == 0:
		return fmt.Errorf("train: the set is empty")
	case fmt.Sprint(net.Input) != fmt.Sprint(set.Shape) && (len(net.Input) != 1 || net.Input[0] != set.Size()):
		return fmt.Errorf("train: %s takes inputs of %v, the set %s has %v", net.Name, net.Input, set.Name, set.Shape)
	case net.Outputs() != set.Classes:
		return fmt.Errorf("train: %s has %d outputs, the set %s has %d", net.Name, net.Outputs(), set.Name, set.Classes)
	}
	return nil
}
