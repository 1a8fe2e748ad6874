package train

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"symgrad/data"
	"symgrad/models"
	"symgrad/train/vm/kernel/vec"
)

// bound is a machine for a graph, and the slices behind the graph's inputs.
type bound struct {
	machine Machine
	input   any // []float32 or []float64
	target  any // nil without a target

	set    *data.Set // what gather takes from
	idx    []int
	images func(worker, piece int) // gathers some of them
}

// bind makes a machine that can be asked for results; target is nil in a graph
// that has none.
func bind(g models.Graph, target *G.Node, backend Backend, results ...*G.Node) (*bound, error) {
	m, err := backend(g.Expr, results...)
	if err != nil {
		return nil, err
	}
	b := &bound{machine: m, input: g.Input.Value().Data()}
	if target != nil {
		b.target = target.Value().Data()
	}
	b.images = b.gatherPiece
	return b, nil
}

// Close frees the machine.
func (b *bound) Close() error { return b.machine.Close() }

// gatherLen is how many examples are gathered as one piece of work.
const gatherLen = 16

// gather fills the inputs (and targets) with examples of a set.
func (b *bound) gather(set *data.Set, idx []int) {
	b.set, b.idx = set, idx
	b.machine.Parallel((len(idx)+gatherLen-1)/gatherLen, b.images)
}

func (b *bound) gatherPiece(_, piece int) {
	from := piece * gatherLen
	idx := b.idx[from:min(from+gatherLen, len(b.idx))]
	switch x := b.input.(type) {
	case []float32:
		y, _ := b.target.([]float32)
		x, y = part(x, from, b.set.Size()), part(y, from, b.set.Classes)
		if b.set.Pixels != nil {
			gatherPixels(b.set, idx, x)
			x = nil
		}
		data.Gather(b.set, idx, x, y)
	case []float64:
		y, _ := b.target.([]float64)
		data.Gather(b.set, idx, part(x, from, b.set.Size()), part(y, from, b.set.Classes))
	}
}

// part is what belongs to the examples from the given one on; nil stays nil.
func part[F float32 | float64](all []F, from, width int) []F {
	if all == nil {
		return nil
	}
	return all[from*width:]
}

// gatherPixels is data.Gather's first half in assembly: the same bits. Shuffled
// examples are far apart in memory: all are asked for before the first is used.
func gatherPixels(set *data.Set, idx []int, x []float32) {
	size := set.Size()
	pixels := func(k int) []uint8 { return set.Pixels[idx[k]*size : (idx[k]+1)*size] }
	for k := range idx {
		vec.Prefetch(pixels(k))
	}
	for k := range idx {
		vec.FromBytes(x[k*size:(k+1)*size], pixels(k))
	}
}

// number reads a scalar value.
func number(v G.Value) (float64, error) {
	if v == nil {
		return 0, fmt.Errorf("train: the loss has no value")
	}
	switch x := v.(type) {
	case *G.F64:
		return float64(*x), nil
	case *G.F32:
		return float64(*x), nil
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
