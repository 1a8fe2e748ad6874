package train

import (
	"math/rand/v2"
	"slices"

	G "gorgonia.org/gorgonia"

	"symgrad/models"
)

// lesson is a training graph on its machine.
type lesson struct {
	*bound
	graph  *models.TrainingGraph
	values []G.Value // of the gradients
	own    []any     // their numbers
	shared []bool    // where other parameters have the same gradient
	placed []bool    // where they are written elsewhere
	grads  []any     // of read

	listened bool // the machine tells of its gradients, see [pending]
}

// newLesson is of batch examples that are a share of a whole batch.
func newLesson(net *models.Network, batch int, share float64, backend Backend) (*lesson, error) {
	g, err := net.Shard(batch, share)
	if err != nil {
		return nil, err
	}
	b, err := bind(g.Graph, g.Target, backend, slices.Concat(G.Nodes{g.Loss}, g.Grads)...)
	if err != nil {
		return nil, err
	}
	return lessonOn(b, g), nil
}

func lessonOn(b *bound, g *models.TrainingGraph) *lesson {
	n := len(g.Grads)
	l := &lesson{bound: b, graph: g, values: make([]G.Value, n), own: make([]any, n), placed: make([]bool, n), grads: make([]any, n)}
	for i, grad := range g.Grads {
		l.shared = append(l.shared, slices.Contains(g.Grads[:i], grad) || slices.Contains(g.Grads[i+1:], grad))
	}
	return l
}

// read gives the gradients of the last run by parameter, []float32 or []float64
// of the machine's own; nil for those that were placed.
func (l *lesson) read() []any {
	for i, n := range l.graph.Grads {
		if v := l.machine.Value(n); v != l.values[i] {
			l.values[i], l.own[i] = v, v.Data() // asking a tensor costs more than a small network's whole step
		}
		if l.grads[i] = l.own[i]; l.placed[i] {
			l.grads[i] = nil
		}
	}
	return l.grads
}

// place has the next run write the gradients into these parameters' numbers, or
// add them onto those, where the machine can; else into its own again.
func (l *lesson) place(parts []any, onto bool) {
	l.read()
	for i, n := range l.graph.Grads {
		before := l.placed[i]
		l.placed[i] = !l.shared[i] && l.machine.Place(n, parts[i], onto)
		if before && !l.placed[i] {
			l.machine.Place(n, l.own[i], false)
		}
	}
}

// dropout fills the masks from a stream of the seed, the step and the shard alone.
func (l *lesson) dropout(seed uint64, step, shard int) {
	if len(l.graph.Masks) == 0 {
		return
	}
	r := rand.New(rand.NewPCG(seed, uint64(step)|uint64(shard)<<40))
	for _, m := range l.graph.Masks {
		switch mask := m.Node.Value().Data().(type) {
		case []float32:
			drop(r, mask, m.Drop)
		case []float64:
			drop(r, mask, m.Drop)
		}
	}
}

func drop[F float32 | float64](r *rand.Rand, mask []F, p float64) {
	keep := F(1 / (1 - p))
	for i := range mask {
		mask[i] = 0
		if r.Float64() >= p {
			mask[i] = keep
		}
	}
}
