package train

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"symgrad/data"
	"symgrad/models"
)

// bound is a graph, the machine that runs it and the slices behind its inputs.
type bound struct {
	graph   *models.Graph
	machine Machine
	input   any // []float32 or []float64
	target  any // nil without a target
	grads   []any
}

func bind(g *models.Graph, err error, make NewMachine, results ...*G.Node) (*bound, error) {
	if err != nil {
		return nil, err
	}
	b := &bound{graph: g, input: g.Input.Value().Data()}
	if g.Target != nil {
		b.target = g.Target.Value().Data()
	}
	b.machine, err = make(g.Expr, results...)
	return b, err
}

// gather fills the inputs (and targets) with examples of a set.
func (b *bound) gather(set *data.Set, idx []int) {
	switch x := b.input.(type) {
	case []float32:
		y, _ := b.target.([]float32)
		data.Gather(set, idx, x, y)
	case []float64:
		y, _ := b.target.([]float64)
		data.Gather(set, idx, x, y)
	}
}

func (b *bound) loss() (float64, error) { return number(b.machine.Value(b.graph.Loss)) }

// number reads a scalar value.
func number(v G.Value) (float64, error) {
	if v == nil {
		return 0, fmt.Errorf("train: the loss has no value")
	}
	switch x := v.Data().(type) {
	case float64:
		return x, nil
	case float32:
		return float64(x), nil
	case []float64:
		return x[0], nil
	case []float32:
		return float64(x[0]), nil
	}
	return 0, fmt.Errorf("train: the loss is a %T", v.Data())
}

// values lets every number of a slice pass as float64, without copying.
func values(data any, yield func(i int, v float64) bool) {
	switch data := data.(type) {
	case []float32:
		for i, v := range data {
			if !yield(i, float64(v)) {
				return
			}
		}
	case []float64:
		for i, v := range data {
			if !yield(i, v) {
				return
			}
		}
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func allFinite(data any) bool {
	ok := true
	values(data, func(_ int, v float64) bool { ok = finite(v); return ok })
	return ok
}
